import { trainLora } from "@heddle/catalog";
import type { LoraTrainer } from "../lora/create-lora-trainer.ts";
import { trainTask, type SamplePainter } from "../lora/train-task.ts";
import type { Op } from "../op.ts";
import { defineOp } from "./define-op.ts";

/** The op `train-lora`: the trainer learns, the painter shows what has been learnt. */
export function createTrainLoraOp(trainer: LoraTrainer, painter: SamplePainter): Op {
  return defineOp(trainLora, (input, context) => trainTask({ trainer, painter }, input, context));
}
