import type { DeclaredInput, Json } from "@heddle/core";

export type SnippetLanguage = "curl" | "typescript" | "python";

export interface SnippetOptions {
  readonly origin: string;
  /** `owner/name@3` */
  readonly path: string;
  readonly inputs: readonly DeclaredInput[];
}

/** Code that runs a workflow and prints its outputs, working as it stands once `HEDDLE_KEY` is set. */
export function callSnippet(language: SnippetLanguage, options: SnippetOptions): string {
  const url = `${options.origin}/api/v1/workflows/${options.path}/runs`;
  const input = Object.fromEntries(options.inputs.map((one) => [one.name, exampleOf(one)]));
  if (language === "curl") return curl(url, input);
  return language === "typescript" ? typescript(url, input) : python(url, input);
}

/** A value that the input takes: its default, or what stands for one. */
function exampleOf(input: DeclaredInput): Json {
  const { field } = input;
  if (field.widget === "file" || field.widget === "files") {
    const source = storedSource(input.default) ?? "https://example.org/picture.png";
    return field.type.list ? [source] : source;
  }
  if (input.default !== undefined) return input.default;
  if (field.type.media === "number") return field.min ?? 0;
  return field.options?.[0]?.value ?? "";
}

/** A stored default file is named by its hash. */
function storedSource(json: Json | undefined): Json | null {
  const file = Array.isArray(json) ? json[0] : json;
  if (typeof file !== "object" || file === null || Array.isArray(file)) return null;
  return file["sha256"] === undefined ? null : { sha256: file["sha256"] };
}

function curl(url: string, input: Json): string {
  const body = JSON.stringify({ input }, null, 2).replaceAll("'", "'\\''");
  return [
    `curl -X POST '${url}' \\`,
    `  -H "Authorization: Bearer $HEDDLE_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H 'Prefer: wait=60' \\`,
    `  -d '${body}'`,
  ].join("\n");
}

function typescript(url: string, input: Json): string {
  return `const response = await fetch(${JSON.stringify(url)}, {
  method: "POST",
  headers: {
    Authorization: \`Bearer \${process.env.HEDDLE_KEY}\`,
    "Content-Type": "application/json",
    Prefer: "wait=60",
  },
  body: JSON.stringify(${indent(JSON.stringify({ input }, null, 2))}),
});
const run = await response.json();
console.log(run.outputs);`;
}

function python(url: string, input: Json): string {
  return `import json, os, urllib.request

request = urllib.request.Request(
    ${JSON.stringify(url)},
    data=json.dumps(${indent(toPython({ input }), "    ")}).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['HEDDLE_KEY']}",
        "Content-Type": "application/json",
        "Prefer": "wait=60",
    },
)
with urllib.request.urlopen(request) as response:
    run = json.load(response)
print(run["outputs"])`;
}

function indent(text: string, by = "  "): string {
  return text.replaceAll("\n", `\n${by}`);
}

/** A Python literal; JSON strings are valid Python strings once `/` and surrogates stay escaped as JSON does. */
function toPython(json: Json, by = ""): string {
  if (json === null) return "None";
  if (typeof json === "boolean") return json ? "True" : "False";
  if (typeof json !== "object") return JSON.stringify(json);
  const inner = `${by}  `;
  if (Array.isArray(json)) return `[${json.map((item) => toPython(item, inner)).join(", ")}]`;
  const rows = Object.entries(json).map(
    ([key, value]) => `${inner}${JSON.stringify(key)}: ${toPython(value, inner)},`,
  );
  return rows.length === 0 ? "{}" : `{\n${rows.join("\n")}\n${by}}`;
}
