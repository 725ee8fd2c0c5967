import type { Slot } from "./slot.ts";

/**
 * Which of the loaded is to be given up first; undefined when all are in use. What is unwanted, then what is least worth
 * a byte: milliseconds to load it again × how often it is used ÷ bytes. Among equals the one that was used longest ago.
 */
export function chooseVictim(loaded: Iterable<Slot>, nowMs: number): Slot | undefined {
  let victim: { readonly slot: Slot; readonly worth: number } | undefined;
  for (const slot of loaded) {
    if (slot.pins > 0) continue;
    const worth = slot.isUnwanted ? -1 : worthPerByte(slot, nowMs);
    const isLess =
      victim === undefined ||
      worth < victim.worth ||
      (worth === victim.worth && slot.uses.lastMs < victim.slot.uses.lastMs);
    if (isLess) victim = { slot, worth };
  }
  return victim?.slot;
}

export function worthPerByte(slot: Slot, nowMs: number): number {
  return (reloadMs(slot) * slot.uses.at(nowMs)) / Math.max(1, slot.sizeBytes);
}

/** With what it is made of, where that is gone too. */
function reloadMs({ loadMs, from }: Slot): number {
  return from.reduce((total, part) => total + (part.isLoaded ? 0 : part.loadMs), loadMs);
}
