import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkCommand } from "./check-command.ts";

let folder: string;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "heddle-test-"));
  printed = "";
  vi.spyOn(console, "log").mockImplementation((line: string) => void (printed += `${line}\n`));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

function check(text: string): unknown {
  const file = path.join(folder, "it.heddle.json");
  writeFileSync(file, text);
  checkCommand(file, { json: true });
  return JSON.parse(printed);
}

const position = { x: 0, y: 0 };
const output = { type: "output-text", position, params: { name: "said" } };
const wire = { id: "w", from: { node: "in", port: "text" }, to: { node: "out", port: "value" } };

describe("heddle check", () => {
  it("gives the steps and the estimate of a sound document, with status 0", () => {
    const nodes = {
      in: { type: "input-text", position, params: { name: "words", value: "hi" } },
      out: output,
    };
    expect(check(JSON.stringify({ heddle: 1, name: "it", nodes, edges: [wire] }))).toMatchObject({
      ok: true,
      plan: { steps: [{ type: "input-text" }, { type: "output-text" }], estimate: { deviceMs: 0 } },
      problems: [],
    });
    expect(process.exitCode).toBeUndefined();
  });

  it("gives every problem with its node, and status 1", () => {
    const nodes = {
      in: { type: "input-words", position },
      out: { ...output, type: "output-words" },
    };
    expect(check(JSON.stringify({ heddle: 1, name: "it", nodes, edges: [wire] }))).toMatchObject({
      ok: false,
      plan: null,
      problems: [
        { code: "unknown_type", nodeId: "in" },
        { code: "unknown_type", nodeId: "out" },
      ],
    });
    expect(process.exitCode).toBe(1);
  });

  it("takes text that is no JSON, and JSON 10,000 deep, for problems", () => {
    expect(check("{")).toMatchObject({ ok: false, problems: [{ code: "document_invalid" }] });
    printed = "";
    expect(check("[".repeat(10_000) + "]".repeat(10_000))).toMatchObject({ ok: false });
  });
});
