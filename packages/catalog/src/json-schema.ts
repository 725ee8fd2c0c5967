import type { Field, Json, PortType } from "@heddle/core";

/** A JSON Schema (draft 2020-12, as OpenAPI 3.1 takes it). */
export type JsonSchema = { readonly [key: string]: Json };

/** What the API takes for a declared input: a file is a URL, a `data:` URL, or what an upload answered. */
export function inputJsonSchema(field: Field): JsonSchema {
  const item = itemSchema(field);
  const schema = field.type.list ? { type: "array", items: item } : item;
  return {
    ...schema,
    title: field.label,
    ...(field.help !== undefined && { description: field.help }),
    ...(field.default !== undefined && !isFile(field.type) && { default: field.default }),
  };
}

function isFile({ media }: PortType): boolean {
  return media === "image" || media === "video" || media === "lora";
}

function itemSchema(field: Field): Record<string, Json> {
  switch (field.type.media) {
    case "number":
      return numberSchema(field);
    case "text":
      return textSchema(field);
    case "image":
    case "video":
    case "lora":
      return fileInputSchema;
    case "any":
      return {};
  }
}

function numberSchema({ integer, min, max, type }: Field): Record<string, Json> {
  const bounds = type.list
    ? {}
    : { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
  return { type: integer === true ? "integer" : "number", ...bounds };
}

function textSchema({ maxLength, options }: Field): Record<string, Json> {
  if (options !== undefined) return { type: "string", enum: options.map(({ value }) => value) };
  return { type: "string", ...(maxLength !== undefined && { maxLength }) };
}

const fileInputSchema: Record<string, Json> = {
  anyOf: [
    {
      type: "string",
      format: "uri",
      description: "An https: or data: URL, or the url that an upload answered",
    },
    {
      type: "object",
      properties: { url: { type: "string", format: "uri" } },
      required: ["url"],
    },
  ],
};
