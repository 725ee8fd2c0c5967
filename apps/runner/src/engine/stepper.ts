/**
 * Work with weights in three moves, so that whoever schedules may let requests join and leave between steps: `prepare`,
 * `step` as often as there are steps, `finish`.
 */
export interface Stepper<Request, Work, Result> {
  readonly prepare: (request: Request) => Promise<Work>;
  /** Takes each of them one step further, in one run; they may differ in everything. What one becomes does not depend on the others. */
  readonly step: (works: readonly Work[]) => Promise<void>;
  readonly finish: (work: Work) => Promise<Result>;
  readonly stepsDone: (work: Work) => number;
  readonly stepsOf: (work: Work) => number;
  /** What has to be kept between two steps, and how work that was prepared from the same request goes on from it. */
  readonly save: (work: Work) => Uint8Array;
  /** False: this is not the state of such work. */
  readonly restore: (work: Work, state: Uint8Array) => boolean;
}
