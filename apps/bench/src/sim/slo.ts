import type { SimRequest } from "./traffic.ts";

/**
 * What a request takes on an idle runner that holds nothing, ms. The bound is a multiple of that, and not of the time on a
 * warm runner: by such a bound whoever loads a model even once in ten requests has no goodput at all, at any load.
 */
export function neededMs({ model, adapters, estimateMs }: SimRequest): number {
  return [model, ...adapters].reduce(
    (sum, { loadTimes }) => sum + loadTimes.fromDiskMs,
    estimateMs,
  );
}
