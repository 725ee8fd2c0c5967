import type { InferenceSession } from "onnxruntime-node";

/**
 * How networks are run on the CPU, with so many threads for one run.
 *
 * The arena stays and the memory pattern is off. The pattern takes all of a run's memory in one more block, beside the
 * pieces that the arena keeps from the first run: 157 MB instead of 65 for the upscaler at 128 × 128, and no run is
 * faster for it (`docs/decisions/2026-11-27-weights-in-tiers.md`).
 */
export function cpuSessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 3,
    // Threads that wait by spinning starve each other where the cores are shared.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };
}
