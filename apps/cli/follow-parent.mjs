// Loaded first into every process that `heddle up` starts: stdin is a pipe that nobody writes to, so its end means that
// the parent is gone, however it died.
import { isMainThread } from "node:worker_threads";

/** Time to end in good order before the process ends anyway. */
const graceMs = 10_000;

if (isMainThread) {
  process.stdin.on("end", leave);
  process.stdin.on("error", leave);
  process.stdin.resume();
  process.stdin.unref?.();
}

function leave() {
  setTimeout(() => process.exit(1), graceMs).unref();
  process.kill(process.pid, "SIGTERM");
}
