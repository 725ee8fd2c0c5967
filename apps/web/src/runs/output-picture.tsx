import type { LinkedValue } from "@heddle/api";
import { coverItem } from "../results/output-items.ts";
import { SeenResult } from "../results/seen-result.tsx";

/** The first picture of a step, else its first film, when it made one. */
export function OutputPicture({
  outputs,
  alt,
}: {
  readonly outputs: Readonly<Record<string, LinkedValue>> | null;
  readonly alt: string;
}) {
  const cover = coverItem(outputs);
  if (cover?.media !== "image" && cover?.media !== "video") return null;
  return (
    <SeenResult
      item={cover}
      label={alt}
      controls
      className="mx-4 mb-4 max-h-72 w-[calc(100%-32px)] rounded-ui bg-raised object-contain"
    />
  );
}
