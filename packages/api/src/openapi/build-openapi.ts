import { appErrorTable } from "@heddle/core";
import type { Api } from "../api.ts";
import type { Route } from "../rest/route.ts";
import { problemDocumentSchema } from "../wire/problem-document.ts";
import { SchemaComponents, type JsonObject } from "./schema-components.ts";

export interface OpenApiOptions {
  readonly api: Api;
  /** Where the API is reached. */
  readonly origin: string;
  readonly routes: readonly Route[];
  readonly title?: string;
  readonly description?: string;
}

/** OpenAPI 3.1 of the routes, from the same schemas that their handlers parse with. */
export function buildOpenApi(options: OpenApiOptions): JsonObject {
  const components = new SchemaComponents();
  components.add(problemDocumentSchema, "output");
  const paths: Record<string, JsonObject> = {};
  for (const route of options.routes) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: describeRoute(route, components),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: options.title ?? "Heddle",
      version: options.api.version,
      description:
        options.description ??
        "Run workflows of generative models. Errors are problem JSON (RFC 9457).",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: options.origin }],
    security: [{ apiKey: [] }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: "`Authorization: Bearer hdl_live_…` (or `Key hdl_live_…`)",
        },
      },
    },
  };
}

function describeRoute(route: Route, components: SchemaComponents): JsonObject {
  const { operation } = route;
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    ...(route.access === "public" ? { security: [] } : {}),
    parameters: describeParameters(route),
    ...(operation.body === undefined
      ? {}
      : { requestBody: describeBody(operation.body, components) }),
    responses: { ...describeAnswers(route, components), ...describeProblems(route) },
  };
}

function describeParameters({ path, operation }: Route): JsonObject[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const named = (place: string, all: Readonly<Record<string, string>> = {}) =>
    Object.entries(all).map(([name, description]) => ({
      name,
      in: place,
      description,
      schema: { type: "string" },
    }));
  return [...inPath, ...named("query", operation.query), ...named("header", operation.headers)];
}

function describeBody(
  body: NonNullable<Route["operation"]["body"]>,
  components: SchemaComponents,
): JsonObject {
  const content = Object.entries(body).map(([type, schema]) => [
    type,
    { schema: components.add(schema, "input") },
  ]);
  return { required: true, content: Object.fromEntries(content) };
}

function describeAnswers({ operation }: Route, components: SchemaComponents): JsonObject {
  const answers = Object.entries(operation.answers).map(([status, answer]) => {
    const {
      description,
      schema,
      contentType = schema === undefined ? undefined : "application/json",
    } = answer;
    const named = Object.entries(answer.headers ?? {});
    const headers = named.map(([name, text]) => [
      name,
      { description: text, schema: { type: "string" } },
    ]);
    return [
      status,
      {
        description,
        ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
        ...(contentType === undefined
          ? {}
          : {
              content: {
                [contentType]:
                  schema === undefined ? {} : { schema: components.add(schema, "output") },
              },
            }),
      },
    ];
  });
  return Object.fromEntries(answers);
}

function describeProblems({ access, operation }: Route): JsonObject {
  const statuses = new Set([
    ...(operation.problems ?? []),
    ...(access === "public" ? [] : [401, 403]),
  ]);
  const titles = new Map<number, string>(
    Object.values(appErrorTable).map(({ status, title }) => [status, title]),
  );
  const content = {
    "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
  };
  const problems = [...statuses]
    .toSorted((a, b) => a - b)
    .map((status) => [status, { description: titles.get(status) ?? "A problem", content }]);
  return Object.fromEntries(problems);
}
