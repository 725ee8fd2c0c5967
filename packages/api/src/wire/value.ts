import { artifactRefSchema, type ArtifactRef, type Value } from "@heddle/core";
import { z } from "zod";

/** A stored file with a signed link to its bytes. */
export const linkedArtifactSchema = artifactRefSchema.extend({
  url: z.string().meta({ description: "Signed link to the bytes" }),
});
export type LinkedArtifact = z.infer<typeof linkedArtifactSchema>;

type LinkedScalar =
  | { media: "text"; text: string }
  | { media: "number"; number: number }
  | { media: "image" | "video" | "lora"; artifact: LinkedArtifact };

/** A value of a run as clients see it: every artifact carries `url`. */
export type LinkedValue =
  | LinkedScalar
  | { media: "list"; of: "image" | "video" | "text" | "number" | "lora"; items: LinkedScalar[] };

/** Gives the link of an artifact. */
export type LinkArtifact = (artifact: ArtifactRef) => string;

/** The same value with a signed link in every artifact. */
export function linkValue(value: Value, link: LinkArtifact): LinkedValue {
  if (value.media !== "list") return linkScalar(value, link);
  return { ...value, items: value.items.map((item) => linkScalar(item, link)) };
}

export function linkValues(
  values: Readonly<Record<string, Value>>,
  link: LinkArtifact,
): Record<string, LinkedValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, linkValue(value, link)]),
  );
}

function linkScalar(value: Exclude<Value, { media: "list" }>, link: LinkArtifact): LinkedScalar {
  if (value.media === "text" || value.media === "number") return value;
  return { media: value.media, artifact: { ...value.artifact, url: link(value.artifact) } };
}
