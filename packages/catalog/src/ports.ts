import {
  artifactRefSchema,
  listValueSchema,
  valueSchema,
  type MediaType,
  type PortType,
} from "@heddle/core";
import { z } from "zod";

interface PortMeta {
  readonly label: string;
  readonly help?: string;
}

interface ListMeta extends PortMeta {
  /** How many items it may have when it runs; default any number. */
  readonly count?: { readonly min?: number; readonly max?: number };
}

const textValue = z.object({ media: z.literal("text"), text: z.string() });
const numberValue = z.object({ media: z.literal("number"), number: z.number() });

function single(media: MediaType | "any"): PortType {
  return { media, list: false };
}

function list(media: MediaType | "any"): PortType {
  return { media, list: true };
}

const imageValue = z
  .object({ media: z.literal("image"), artifact: artifactRefSchema })
  .transform(({ artifact }) => artifact);

/** Takes one picture; the work sees its artifact. */
export function image(meta: PortMeta) {
  return imageValue.meta({ ...meta, port: single("image") });
}

/** Takes a list of pictures; the work sees their artifacts. */
export function images({ count, ...meta }: ListMeta) {
  return listOf("image", imageValue, count)
    .transform(({ items }) => items)
    .meta({ ...meta, port: list("image") });
}

const videoValue = z
  .object({ media: z.literal("video"), artifact: artifactRefSchema })
  .transform(({ artifact }) => artifact);

/** Takes one film; the work sees its artifact. */
export function video(meta: PortMeta) {
  return videoValue.meta({ ...meta, port: single("video") });
}

/** Takes a list of films; the work sees their artifacts. */
export function videos({ count, ...meta }: ListMeta) {
  return listOf("video", videoValue, count)
    .transform(({ items }) => items)
    .meta({ ...meta, port: list("video") });
}

function listOf<Media extends MediaType, Item extends z.ZodType>(
  media: Media,
  item: Item,
  { min = 0, max = Number.POSITIVE_INFINITY }: ListMeta["count"] = {},
) {
  const items = z.array(item).min(min).max(max);
  return z.object({ media: z.literal("list"), of: z.literal(media), items });
}

const loraValue = z
  .object({ media: z.literal("lora"), artifact: artifactRefSchema })
  .transform(({ artifact }) => artifact);

/** Takes one LoRA; the work sees its artifact. */
export function lora(meta: PortMeta) {
  return loraValue.meta({ ...meta, port: single("lora") });
}

/** Takes a list of LoRAs; the work sees their artifacts. */
export function loras({ count, ...meta }: ListMeta) {
  return listOf("lora", loraValue, count)
    .transform(({ items }) => items)
    .meta({ ...meta, port: list("lora") });
}

/** Takes one text; the work sees a string. */
export function text(meta: PortMeta) {
  return textValue.transform(({ text }) => text).meta({ ...meta, port: single("text") });
}

/** Takes a list of texts; the work sees strings. */
export function texts(meta: PortMeta) {
  return z
    .object({ media: z.literal("list"), of: z.literal("text"), items: z.array(textValue) })
    .transform(({ items }) => items.map(({ text }) => text))
    .meta({ ...meta, port: list("text") });
}

/** Takes a text or a number; the work sees a string. The port itself takes any wire, other values are refused when it runs. */
export function words(meta: PortMeta) {
  return z
    .discriminatedUnion("media", [textValue, numberValue], { error: "must be a text or a number" })
    .transform((value) => (value.media === "text" ? value.text : writeNumber(value.number)))
    .meta({ ...meta, port: single("any") });
}

/** The same port, which may stay unwired: the work sees undefined then. */
export function optional<Schema extends z.ZodType>(port: Schema) {
  return port.optional().meta(port.meta() ?? {});
}

/** The port of an output node: takes one value, or a list as a whole; the work sees the value as it is. */
export function resultOf(media: MediaType | "any", meta: PortMeta) {
  return valueSchema.meta({ ...meta, port: single(media) });
}

/** Takes a list of any one media type; the work sees the list as it is. */
export function anyList(meta: PortMeta) {
  return listValueSchema.meta({ ...meta, port: list("any") });
}

/** Twelve digits hide the noise of binary fractions: 0.1 + 0.2 reads 0.3. */
function writeNumber(number: number): string {
  return String(Number(number.toPrecision(12)));
}
