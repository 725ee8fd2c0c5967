import { assert, type Field, type MediaType, type PortType, type Widget } from "@heddle/core";
import { z } from "zod";
import type { FieldMeta } from "./field-meta.ts";

/** The field that a zod schema and its `.meta()` describe. Throws when the schema is of a kind that no form can show. */
export function deriveField(name: string, schema: z.ZodType): Field {
  const meta = schema.meta() ?? {};
  assert(meta.label !== undefined, `field "${name}" has no label`);
  return meta.port === undefined
    ? deriveParam(name, schema, meta)
    : derivePort(name, schema, meta.port);
}

function derivePort(name: string, schema: z.ZodType, type: PortType): Field {
  const { label = name, help } = schema.meta() ?? {};
  return {
    name,
    kind: "port",
    type,
    required: !(schema instanceof z.ZodOptional),
    label,
    ...(help !== undefined && { help }),
    widget: "port",
    wirable: true,
  };
}

function deriveParam(name: string, schema: z.ZodType, meta: FieldMeta): Field {
  const { inner, initial } = unwrap(schema);
  const shape = describeShape(name, inner, meta);
  const missing = initial === undefined || (initial === null && meta.file !== undefined);
  return {
    name,
    kind: "param",
    required: missing,
    label: meta.label ?? name,
    ...pick(meta, ["help", "unit", "step", "placeholder", "pinned", "advanced"]),
    ...(!missing && { default: z.json().parse(initial) }),
    ...shape,
    widget: meta.widget ?? shape.widget,
    wirable: (meta.wirable ?? true) && !(inner instanceof z.ZodBoolean),
  };
}

type Shape = Pick<Field, "type" | "widget"> &
  Partial<Pick<Field, "min" | "max" | "step" | "integer" | "maxLength" | "options">>;

function describeShape(name: string, schema: z.ZodType, meta: FieldMeta): Shape {
  if (meta.file !== undefined) return describeFile(schema, meta.file);
  if (schema instanceof z.ZodNumber) return describeNumber(schema, meta);
  if (schema instanceof z.ZodEnum) return describeChoice(schema, meta);
  if (schema instanceof z.ZodBoolean) return { type: single("number"), widget: "switch" };
  if (schema instanceof z.ZodArray) return { type: { media: "text", list: true }, widget: "texts" };
  assert(
    schema instanceof z.ZodString,
    `field "${name}" is neither number, choice, switch, text nor file`,
  );
  return {
    type: single("text"),
    widget: "text",
    ...(schema.maxLength !== null && { maxLength: schema.maxLength }),
  };
}

function describeFile(schema: z.ZodType, media: MediaType): Shape {
  const list = schema instanceof z.ZodArray;
  return { type: { media, list }, widget: list ? "files" : "file" };
}

function describeNumber(schema: z.ZodNumber, meta: FieldMeta): Shape {
  const integer = schema.isInt;
  const step = meta.step ?? (integer ? 1 : undefined);
  return {
    type: single("number"),
    widget: "number",
    ...bound("min", schema.minValue),
    ...bound("max", schema.maxValue),
    ...(integer && { integer }),
    ...(step !== undefined && { step }),
  };
}

/** zod's own bounds of a safe integer are no bounds that a person set. */
function bound(name: "min" | "max", value: number | null): Partial<Record<"min" | "max", number>> {
  return value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? {} : { [name]: value };
}

function describeChoice(schema: z.ZodEnum, meta: FieldMeta): Shape {
  const options = schema.options.map((option) => {
    const value = String(option);
    return { value, label: meta.options?.[value] ?? capitalise(value) };
  });
  return { type: single("text"), widget: "select" satisfies Widget, options };
}

function unwrap(schema: z.ZodType): { inner: z.ZodType; initial: unknown } {
  if (schema instanceof z.ZodDefault) {
    return { inner: unwrap(classic(schema.def.innerType)).inner, initial: schema.def.defaultValue };
  }
  if (schema instanceof z.ZodNullable) return unwrap(classic(schema.def.innerType));
  return { inner: schema, initial: undefined };
}

function classic(schema: z.core.$ZodType): z.ZodType {
  assert(schema instanceof z.ZodType, "a field is made of zod's classic schemas");
  return schema;
}

function single(media: MediaType): PortType {
  return { media, list: false };
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function pick<Key extends keyof FieldMeta>(
  meta: FieldMeta,
  keys: readonly Key[],
): Partial<Pick<FieldMeta, Key>> {
  const picked: Partial<Pick<FieldMeta, Key>> = {};
  for (const key of keys) if (meta[key] !== undefined) picked[key] = meta[key];
  return picked;
}
