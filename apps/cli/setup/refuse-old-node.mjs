// Old syntax on purpose: see start.mjs.
const needed = [20, 19];

/** Says in one line that this Node is too old, and sets the exit code. */
export function refuseOldNode() {
  const found = process.versions.node.split(".").map(Number);
  const old = found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1]);
  if (old) {
    console.error(
      "heddle: needs Node " +
        needed.join(".") +
        " or newer; this is Node " +
        process.versions.node +
        ".",
    );
    process.exitCode = 1;
  }
  return old;
}
