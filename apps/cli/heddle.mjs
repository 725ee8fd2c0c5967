#!/usr/bin/env node
// The `heddle` command in a checkout. Builds the command line once when it is missing.
import { refuseOldNode } from "./setup/refuse-old-node.mjs";

if (!refuseOldNode()) {
  void import("./setup/heddle.mjs").then(function (setup) {
    return setup.heddle();
  });
}
