import type { LinkedValue } from "@heddle/api";
import { firstPicture } from "./first-picture.ts";

/** The first picture of a step, when it made one. */
export function OutputPicture({
  outputs,
  alt,
}: {
  readonly outputs: Readonly<Record<string, LinkedValue>> | null;
  readonly alt: string;
}) {
  const url = firstPicture(outputs);
  if (url === null) return null;
  return (
    <img
      src={url}
      alt={alt}
      className="mx-4 mb-4 max-h-72 w-[calc(100%-32px)] rounded-ui bg-raised object-contain"
    />
  );
}
