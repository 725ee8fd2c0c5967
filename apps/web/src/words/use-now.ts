"use client";
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

/** The time, milliseconds since 1970, in whole steps of `everyMs`: the caller renders once a step. */
export function useNow(everyMs: number): number {
  const read = () => Math.floor(now / everyMs) * everyMs;
  return useSyncExternalStore(subscribe, read, read);
}
