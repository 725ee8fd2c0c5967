import { execFileSync } from "node:child_process";
import type { DeclaredInput } from "@heddle/core";
import { describe, expect, it } from "vitest";
import { callSnippet } from "./call-snippet.ts";

const inputs: DeclaredInput[] = [
  {
    name: "words",
    nodeId: "n1",
    nodeType: "input-text",
    label: "Words",
    required: false,
    default: "it's \"quoted\" $HOME `x` \\ \n é",
    field: {
      name: "value",
      kind: "param",
      type: { media: "text", list: false },
      required: false,
      label: "Words",
      widget: "textarea",
      wirable: true,
    },
  },
];
const options = { origin: "http://127.0.0.1:1", path: "local/x@1", inputs };

describe("snippets that call a workflow", () => {
  it("curl: a shell hands the body on exactly, whatever the words are", () => {
    const snippet = callSnippet("curl", options).replace("curl", "show");
    const script = `show() { while [ $# -gt 0 ]; do if [ "$1" = -d ]; then printf %s "$2"; fi; shift; done; }\n${snippet}`;
    const body = execFileSync("sh", ["-c", script], { encoding: "utf8", env: { NODE_ENV: "test", HEDDLE_KEY: "k" } });
    expect(JSON.parse(body)).toEqual({ input: { words: inputs[0]?.default } });
  });

  it("TypeScript: the request carries the same input", async () => {
    const sent: unknown[] = [];
    const run = new Function(
      "fetch",
      "process",
      "console",
      `return (async () => {${callSnippet("typescript", options)}})()`,
    );
    const fetch = async (_url: string, init: { body: string }) => {
      sent.push(JSON.parse(init.body));
      return { json: async () => ({ outputs: {} }) };
    };
    await run(fetch, { env: { HEDDLE_KEY: "k" } }, { log: () => undefined });
    expect(sent).toEqual([{ input: { words: inputs[0]?.default } }]);
  });

  it("a file without a default is asked for by URL", () => {
    const file: DeclaredInput = {
      name: "image",
      nodeId: "n2",
      nodeType: "input-image",
      label: "Image",
      required: true,
      field: {
        name: "value",
        kind: "param",
        type: { media: "image", list: false },
        required: false,
        label: "Image",
        widget: "file",
        wirable: false,
      },
    };
    expect(callSnippet("curl", { ...options, inputs: [file] })).toContain("https://example.org/picture.png");
  });
});
