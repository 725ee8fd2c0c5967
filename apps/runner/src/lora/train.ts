import type { LoraTrainer } from "./create-lora-trainer.ts";
import {
  applyStep,
  drawExamples,
  factorsOf,
  type Gradient,
  type Training,
  type TrainingPlan,
} from "./training.ts";

export interface TrainOptions {
  readonly plan: TrainingPlan;
  /** Where it is; taken on to the last step. */
  readonly training: Training;
  /** Heard between examples; the promise then rejects with its reason, and the training is where its last step left it. */
  readonly signal: AbortSignal;
  /** Called after each step, with the mean loss of its examples. */
  readonly onStep: (loss: number) => Promise<void>;
}

/** Trains to the end of the plan. One example at a time. */
export async function train(trainer: LoraTrainer, options: TrainOptions): Promise<void> {
  const { plan, training, signal, onStep } = options;
  while (training.stepsDone < plan.steps) {
    const gradients: Gradient[] = [];
    for (const example of drawExamples(plan, training)) {
      signal.throwIfAborted();
      gradients.push(await trainer.gradient(example, factorsOf(training)));
    }
    await onStep(applyStep(plan, training, gradients));
  }
}
