export interface Repeated {
  /** Resolves once nothing is under way any more. */
  stop(): Promise<void>;
}

/** Does the work again and again, each time so long after the last time ended. It does not throw. */
export function repeat(everyMs: number, work: () => Promise<void>): Repeated {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      working = once();
    }, everyMs);
  };
  const once = async (): Promise<void> => {
    await work();
    next();
  };
  next();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
