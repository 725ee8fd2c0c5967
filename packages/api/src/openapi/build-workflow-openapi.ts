import { inputJsonSchema } from "@heddle/catalog";
import {
  describeInterface,
  type DeclaredInput,
  type DeclaredOutput,
  type Json,
} from "@heddle/core";
import type { RunSummary, VersionView } from "@heddle/db";
import type { Api } from "../api.ts";
import type { Route } from "../rest/route.ts";
import { linkArtifacts } from "../wire/link-artifact.ts";
import { toRunResult } from "../wire/to-run-result.ts";
import { buildOpenApi } from "./build-openapi.ts";
import type { JsonObject } from "./schema-components.ts";

export interface WorkflowOpenApiOptions {
  readonly api: Api;
  readonly origin: string;
  readonly version: VersionView;
  /** `{name}` as it was asked for: with `@version` or without. */
  readonly name: string;
  /** The call that starts a run. */
  readonly runRoute: Route;
  /** What else a caller needs: the run, its events, cancel, uploads. */
  readonly routes: readonly Route[];
  /** Runs to take an example from, the newest first. */
  readonly examples: readonly RunSummary[];
}

/** OpenAPI 3.1 of one published workflow: one call with typed input and outputs, and what is needed around it. */
export function buildWorkflowOpenApi(options: WorkflowOpenApiOptions): JsonObject {
  const { api, origin, version, runRoute } = options;
  const { document } = version;
  const { inputs, outputs } = describeInterface(document, api.catalog);
  const path = `/api/v1/workflows/${version.ownerSlug}/${options.name}/runs`;
  const whole = buildOpenApi({
    api,
    origin,
    routes: [runRoute, ...options.routes],
    title: document.name,
    description: document.description,
  });
  const { [runRoute.path]: run, ...paths } = asObject(whole["paths"]);
  const post = asObject(asObject(run)["post"]);
  const answer = typedRun(outputs, exampleRun(options));
  const schemas = asObject(asObject(whole["components"])["schemas"]);
  return {
    ...whole,
    paths: {
      [path]: {
        post: {
          ...post,
          description: document.description,
          parameters: asArray(post["parameters"]).filter((one) => asObject(one)["in"] !== "path"),
          requestBody: typedBody(inputs),
          responses: {
            ...asObject(post["responses"]),
            201: withContent(post, "201", answer),
            202: withContent(post, "202", answer),
          },
        },
      },
      ...paths,
    },
    components: { ...asObject(whole["components"]), schemas: { ...schemas, ...mediaItems } },
  };
}

function typedBody(inputs: readonly DeclaredInput[]): JsonObject {
  const properties = Object.fromEntries(
    inputs.map(({ name, field }) => [name, inputJsonSchema(field)]),
  );
  const required = inputs.filter((one) => one.required).map(({ name }) => name);
  const example = Object.fromEntries(inputs.map((one) => [one.name, exampleInput(one)]));
  const input = { type: "object", properties, required, additionalProperties: false };
  return {
    required: true,
    content: {
      "application/json": {
        schema: {
          type: "object",
          properties: { input },
          required: required.length > 0 ? ["input"] : [],
          additionalProperties: false,
        },
        example: { input: example },
      },
    },
  };
}

function exampleInput({ field, default: value }: DeclaredInput): Json {
  const { media, list } = field.type;
  if (media === "image" || media === "video" || media === "lora") {
    const url = `https://example.org/${{ image: "photo.jpg", video: "clip.mp4", lora: "style.safetensors" }[media]}`;
    return list ? [url] : url;
  }
  return value ?? (media === "number" ? (field.min ?? 0) : "A quiet harbour at dawn");
}

/** The common shape of a run, with the outputs of this workflow. */
function typedRun(outputs: readonly DeclaredOutput[], example: JsonObject | null): JsonObject {
  const properties = Object.fromEntries(
    outputs.map(({ name, label, type }) => {
      const items = {
        $ref: `#/components/schemas/${type.media === "any" ? "OutputItem" : itemName(type.media)}`,
      };
      return [name, { type: "array", title: label, items, ...(type.list ? {} : { maxItems: 1 }) }];
    }),
  );
  const schema = {
    allOf: [
      { $ref: "#/components/schemas/Run" },
      { type: "object", properties: { outputs: { type: "object", properties } } },
    ],
  };
  return { schema, ...(example === null ? {} : { example }) };
}

function itemName(media: string): string {
  return `${media[0]?.toUpperCase() ?? ""}${media.slice(1)}Item`;
}

const mediaItems: JsonObject = Object.fromEntries(
  ["text", "number", "image", "video", "lora"].map((media) => [
    itemName(media),
    {
      allOf: [
        { $ref: "#/components/schemas/OutputItem" },
        { type: "object", properties: { media: { const: media } }, required: ["media"] },
      ],
    },
  ]),
);

function exampleRun({ api, origin, examples }: WorkflowOpenApiOptions): JsonObject | null {
  const [run] = examples;
  if (run === undefined) return null;
  return { ...toRunResult({ ...run, steps: [] }, { origin, link: linkArtifacts(api, origin) }) };
}

function withContent(post: JsonObject, status: string, json: JsonObject): JsonObject {
  return {
    ...asObject(asObject(post["responses"])[status]),
    content: { "application/json": json },
  };
}

function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
