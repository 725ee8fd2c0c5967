import type { WireEnd } from "@heddle/core";

interface HandleLike {
  readonly nodeId: string;
  readonly id?: string | null;
  readonly type: "source" | "target";
}

export interface WireEnds {
  readonly from: WireEnd;
  readonly to: WireEnd;
}

/** The two ends of a wire, whichever was dragged from; null: the same side twice, or no end yet. */
export function wireEnds(a: HandleLike | null, b: HandleLike | null): WireEnds | null {
  if (a === null || b === null || a.type === b.type || !a.id || !b.id) return null;
  const [from, to] = a.type === "source" ? [a, b] : [b, a];
  return {
    from: { node: from.nodeId, port: from.id ?? "" },
    to: { node: to.nodeId, port: to.id ?? "" },
  };
}
