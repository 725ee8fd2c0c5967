/** One value met on the way, before anything inside it. */
export interface Visit {
  readonly value: unknown;
  /** 0 for the value itself, 1 for what stands in it, … */
  readonly depth: number;
  /** The key that leads here; null at the top and in an array. */
  readonly key: string | null;
  /** `nodes.n1.params`; valid until the walk goes on. */
  readonly path: () => string;
}

interface Frame {
  readonly value: object;
  /** Null for an array. */
  readonly keys: readonly string[] | null;
  readonly length: number;
  next: number;
}

/** Depth first, in key order, with an explicit stack: any depth is safe, and a caller may stop at any value. */
export function* walkJson(json: unknown): Generator<Visit, void, void> {
  const stack: Frame[] = [];
  const path = (): string =>
    stack.map((frame) => frame.keys?.[frame.next - 1] ?? frame.next - 1).join(".");
  yield { value: json, depth: 0, key: null, path };
  push(stack, json);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    if (frame.next >= frame.length) {
      stack.pop();
      continue;
    }
    const key = frame.keys === null ? null : (frame.keys[frame.next] ?? null);
    const value: unknown = Reflect.get(frame.value, key ?? frame.next);
    frame.next += 1;
    yield { value, depth: stack.length, key, path };
    push(stack, value);
  }
}

function push(stack: Frame[], value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const keys = Array.isArray(value) ? null : Object.keys(value);
  const length = Array.isArray(value) ? value.length : (keys?.length ?? 0);
  stack.push({ value, keys, length, next: 0 });
}
