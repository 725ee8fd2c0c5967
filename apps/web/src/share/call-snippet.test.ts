import { execFile, execFileSync, spawnSync } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { promisify } from "node:util";
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
    default: 'it\'s "quoted" $HOME `x` \\ \n é',
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

const hasPython = spawnSync("python3", ["--version"]).status === 0;

/** A server that notes what it is sent and answers like a finished run. */
async function startRecorder() {
  const requests: { key: string | undefined; body: unknown }[] = [];
  const server = createServer((request, response) => void record(request, response));
  const record = async (request: IncomingMessage, response: ServerResponse) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    requests.push({ key: request.headers.authorization, body: JSON.parse(text) });
    response
      .setHeader("content-type", "application/json")
      .end(JSON.stringify({ outputs: { made: [] } }));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { origin: `http://127.0.0.1:${port}`, requests, close: () => server.close() };
}

describe("snippets that call a workflow", () => {
  it("curl: a shell hands the body on exactly, whatever the words are", () => {
    const snippet = callSnippet("curl", options).replace("curl", "show");
    const script = `show() { while [ $# -gt 0 ]; do if [ "$1" = -d ]; then printf %s "$2"; fi; shift; done; }\n${snippet}`;
    const body = execFileSync("sh", ["-c", script], {
      encoding: "utf8",
      env: { NODE_ENV: "test", HEDDLE_KEY: "k" },
    });
    expect(JSON.parse(body)).toEqual({ input: { words: inputs[0]?.default } });
  });

  it("TypeScript and Python: the request carries the same input and the key", async () => {
    const server = await startRecorder();
    const env = { ...process.env, HEDDLE_KEY: "hdl_live_x" };
    const here = { ...options, origin: server.origin };
    const run = promisify(execFile);
    const printed = [
      await run(process.execPath, ["--input-type=module", "-e", callSnippet("typescript", here)], {
        env,
      }),
    ];
    if (hasPython) printed.push(await run("python3", ["-c", callSnippet("python", here)], { env }));
    server.close();
    for (const request of server.requests) {
      expect(request).toEqual({
        key: "Bearer hdl_live_x",
        body: { input: { words: inputs[0]?.default } },
      });
    }
    expect(server.requests).toHaveLength(printed.length);
    for (const { stdout } of printed) expect(stdout).toContain("made");
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
    expect(callSnippet("curl", { ...options, inputs: [file] })).toContain(
      "https://example.org/picture.png",
    );
  });
});
