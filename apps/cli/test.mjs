// `npm test`: installs what the tests need, builds, and runs all of them; the last line counts them together.
import { refuseOldNode } from "./setup/refuse-old-node.mjs";

if (!refuseOldNode()) {
  void import("./setup/test.mjs").then(function (setup) {
    return setup.test();
  });
}
