import type { CrashPoint, Reached } from "@heddle/core";

/** Ends this process as `kill -9` does when it comes by the armed point; without one, nothing ever happens. */
export function crashAt(armed: CrashPoint | undefined): Reached {
  return (point) => {
    if (point === armed) process.kill(process.pid, "SIGKILL");
  };
}
