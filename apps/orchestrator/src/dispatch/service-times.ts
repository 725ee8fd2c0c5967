import type { StepNews } from "@heddle/db";

/** Weight of the newest. */
const share = 0.2;

/** How long steps take against what their plan expected, learnt from those that have ended. */
export class ServiceTimes {
  readonly #ratios = new Map<string, number>();

  /** Milliseconds, without loads. */
  expect(step: StepNews): number {
    return Math.max(1, planned(step) * (this.#ratios.get(kindOf(step)) ?? 1));
  }

  learn(step: StepNews, deviceMs: number): void {
    const kind = kindOf(step);
    const ratio = deviceMs / planned(step);
    const known = this.#ratios.get(kind);
    this.#ratios.set(kind, known === undefined ? ratio : known + share * (ratio - known));
  }
}

/** Of an item the plan knows only the time of all of them. */
function kindOf({ op, model, isItem }: StepNews): string {
  return `${op} ${model?.sha256 ?? ""} ${isItem ? "item" : ""}`;
}

function planned({ estimateMs }: StepNews): number {
  return Math.max(1, estimateMs);
}
