import { z } from "zod";

export type JsonObject = { [key: string]: unknown };

/** Schemas of one OpenAPI document: those with an id become components, everything else stands in place. */
export class SchemaComponents {
  readonly schemas: JsonObject = {};

  /** JSON Schema of what is sent (`input`: fields with defaults may be left out) or of what comes back (`output`). */
  add(schema: z.ZodType, io: "input" | "output"): JsonObject {
    const {
      $schema: _,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, {
      target: "draft-2020-12",
      io,
      unrepresentable: "any",
      // Answers may gain fields; a generated client must not refuse them.
      override: ({ jsonSchema }) => {
        if (io === "output" && jsonSchema.additionalProperties === false) {
          delete jsonSchema.additionalProperties;
        }
      },
    });
    for (const [id, definition] of Object.entries($defs)) this.#define(id, definition);
    // A schema with an id comes as a reference to its own definition.
    return inComponents(root);
  }

  #define(id: string, definition: JsonObject): void {
    const { id: _, ...plain } = definition;
    this.schemas[id] = inComponents(plain);
  }
}

/** The same schema with its references pointing into `components`. */
function inComponents(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, moveReferences(key, value)]),
  );
}

function moveReferences(key: string, value: unknown): unknown {
  if (key === "$ref" && typeof value === "string")
    return value.replace("#/$defs/", "#/components/schemas/");
  if (Array.isArray(value)) return value.map((item) => moveReferences("", item));
  return isObject(value) ? inComponents(value) : value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}
