import type { ArtifactRef, ScalarValue, Value } from "@heddle/core";

/** The files among a step's outputs. */
export function artifactsOf(outputs: Readonly<Record<string, Value>>): ArtifactRef[] {
  return scalars(outputs).flatMap((value) => ("artifact" in value ? [value.artifact] : []));
}

/** What prices count: images made, and their megapixels. */
export function usageOf(outputs: Readonly<Record<string, Value>>): {
  images: number;
  megapixels: number;
} {
  const images = scalars(outputs).flatMap((value) =>
    value.media === "image" ? [value.artifact] : [],
  );
  const pixels = images.reduce((sum, { width = 0, height = 0 }) => sum + width * height, 0);
  return { images: images.length, megapixels: pixels / 1e6 };
}

function scalars(outputs: Readonly<Record<string, Value>>): ScalarValue[] {
  return Object.values(outputs).flatMap((value) =>
    value.media === "list" ? value.items : [value],
  );
}
