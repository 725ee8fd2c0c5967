import type { ArtifactRef, Document, DocumentNode } from "@heddle/core";

/**
 * Two steps for a runner, each of a few milliseconds: a photo of 16 × 16, its hue turned as no other run turns it, then
 * turned around. Hues this close give the same bytes, so the second step mostly comes from the cache. `number` is 0 to
 * 359,999.
 */
export function tinyWorkflow(photo: ArtifactRef, number: number): Document {
  const node = (type: string, params: DocumentNode["params"]): DocumentNode => ({
    type,
    params,
    position: { x: 0, y: 0 },
    mode: "active",
    ports: [],
  });
  const wire = (from: string, to: string, port = "image") => ({
    id: `${from}-${to}`,
    from: { node: from, port: "image" },
    to: { node: to, port },
  });
  return {
    heddle: 1,
    name: "chaos",
    description: "",
    nodes: {
      photo: node("input-image", { name: "photo", value: { ...photo } }),
      hue: node("adjust", { hue: number / 1000 - 180 + 0.0005 }),
      turn: node("rotate-flip", { turn: "half" }),
      result: node("output-image", { name: "result" }),
    },
    edges: [wire("photo", "hue"), wire("hue", "turn"), wire("turn", "result", "value")],
    notes: [],
  };
}
