// `npm start`: installs and builds what changed, then starts Heddle.
// Nothing newer than Node 12 understands in this file: an old Node must get as far as saying that it is too old.
import { refuseOldNode } from "./setup/refuse-old-node.mjs";

if (!refuseOldNode()) {
  void import("./setup/start.mjs").then(function (setup) {
    return setup.start(process.argv.slice(2));
  });
}
