import { z } from "zod";

/** The kinds of value that flow along a wire. `any` exists on ports only, never on a value. */
export const mediaTypes = ["image", "video", "text", "number", "lora"] as const;
export type MediaType = (typeof mediaTypes)[number];

/** What a port gives or takes: one value of a media type, or a list of them. */
export interface PortType {
  readonly media: MediaType | "any";
  readonly list: boolean;
}

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits");

/** A stored result: bytes named by their SHA-256. */
export const artifactRefSchema = z.object({
  sha256: sha256Schema,
  contentType: z.string().max(127),
  /** bytes */
  sizeBytes: z.number().int().nonnegative(),
  /** pixels, images and videos only */
  width: z.number().int().positive().exactOptional(),
  height: z.number().int().positive().exactOptional(),
  /** milliseconds, videos only */
  durationMs: z.number().nonnegative().exactOptional(),
});
export type ArtifactRef = z.infer<typeof artifactRefSchema>;

const textValueSchema = z.object({ media: z.literal("text"), text: z.string() });
const numberValueSchema = z.object({ media: z.literal("number"), number: z.number() });
const imageValueSchema = z.object({ media: z.literal("image"), artifact: artifactRefSchema });
const videoValueSchema = z.object({ media: z.literal("video"), artifact: artifactRefSchema });
const loraValueSchema = z.object({ media: z.literal("lora"), artifact: artifactRefSchema });

/** One value of a media type. */
export const scalarValueSchema = z.discriminatedUnion("media", [
  textValueSchema,
  numberValueSchema,
  imageValueSchema,
  videoValueSchema,
  loraValueSchema,
]);
export type ScalarValue = z.infer<typeof scalarValueSchema>;

/** A flat list of values of one media type; lists do not nest. */
export const listValueSchema = z.object({
  media: z.literal("list"),
  of: z.enum(mediaTypes),
  items: z.array(scalarValueSchema),
});
export type ListValue = z.infer<typeof listValueSchema>;

/** What a port carries while a run executes. */
export const valueSchema = z.discriminatedUnion("media", [
  textValueSchema,
  numberValueSchema,
  imageValueSchema,
  videoValueSchema,
  loraValueSchema,
  listValueSchema,
]);
export type Value = z.infer<typeof valueSchema>;

/** Whether an output of type `from` may be wired into an input of type `to`. A list into a single input maps the node over it. */
export function canConnect(from: PortType, to: PortType): boolean {
  return from.media === to.media || from.media === "any" || to.media === "any";
}

/** `an image`, `a list of image`: what a sentence asks for. */
export function describeWanted(port: PortType): string {
  const words = describePort(port);
  return port.media === "any" && !port.list
    ? words
    : `${/^[aeiou]/.test(words) ? "an" : "a"} ${words}`;
}

/** `image`, `list of image`: the words that messages use. */
export function describePort(port: PortType): string {
  const media = port.media === "any" ? "anything" : port.media;
  return port.list ? `list of ${media}` : media;
}
