/**
 * Where a process is most awkward to lose; a test arms one and the process is gone the moment it comes by.
 *
 * - `mid-submit`: every row of a run is written, nothing is committed
 * - `mid-advance`: every consequence is known and keys are claimed, nothing is committed
 * - `after-claim`: a lease is committed, no runner knows of it
 * - `after-blob`: a result's files are stored, nobody was told
 * - `after-commit`: a result is committed, its runner was not answered
 */
export const crashPoints = [
  "mid-submit",
  "mid-advance",
  "after-claim",
  "after-blob",
  "after-commit",
] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** Called where the process comes by a crash point; returns, unless that one is armed. */
export type Reached = (point: CrashPoint) => void;
