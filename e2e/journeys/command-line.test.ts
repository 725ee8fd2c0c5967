import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { serverUrl } from "../support/api.ts";
import { documentOf, resizeDocument } from "../support/documents.ts";
import { checkout } from "../support/heddle-process.ts";
import { picture } from "../support/pictures.ts";

let folder: string;

test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "heddle-cli-"));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

/** `npx heddle …` against the journeys' server. */
function heddle(...args: string[]): {
  status: number | null;
  json: unknown;
  stderr: string;
  stdout: string;
} {
  const done = spawnSync(process.execPath, [path.join(checkout, "apps/cli/heddle.mjs"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, HEDDLE_SERVER: serverUrl() },
  });
  let json: unknown;
  try {
    json = JSON.parse(done.stdout);
  } catch {
    json = undefined;
  }
  return { status: done.status, json, stderr: done.stderr, stdout: done.stdout };
}

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

test("heddle run sends a picture, waits, and saves what came out", async () => {
  const document = write("resize.heddle.json", JSON.stringify(resizeDocument()));
  write("photo.png", await picture(800, 600, Date.now()));
  const out = path.join(folder, "out");
  const run = heddle("run", document, "--input", "image=@photo.png", "--out", out, "--json");
  expect(run.status, run.stderr).toBe(0);
  expect(run.json).toMatchObject({
    run: { id: expect.stringMatching(/^run_/), status: "SUCCEEDED" },
    outputs: {
      result: [
        {
          file: path.join(out, "result.png"),
          contentType: "image/png",
          width: 64,
          height: 48,
          text: null,
        },
      ],
    },
    cost: { usd: expect.any(Number) },
    error: null,
  });
  const { steps, outputs } = run.json as {
    steps: { nodeId: string }[];
    outputs: { result: { sha256: string }[] };
  };
  expect(steps.map(({ nodeId }) => nodeId).toSorted()).toEqual(["photo", "result", "smaller"]);
  const saved = readFileSync(path.join(out, "result.png"));
  expect(createHash("sha256").update(saved).digest("hex")).toBe(outputs.result[0]?.sha256);
});

test("heddle run upscales a photograph with the example that comes along", async () => {
  write("photo.png", await picture(120, 90, Date.now()));
  const example = path.join(checkout, "examples/upscale-4x.heddle.json");
  const run = heddle("run", example, "--input", "image=@photo.png", "--json");
  expect(run.status, run.stderr).toBe(0);
  expect(run.json).toMatchObject({ outputs: { image: [{ width: 480, height: 360 }] } });
});

test("heddle run exits with 1 and every problem when the server refuses", () => {
  const document = write("resize.heddle.json", JSON.stringify(resizeDocument()));
  const run = heddle("run", document, "--input", "imag=x", "--json");
  expect(run.status).toBe(1);
  expect(run.json).toMatchObject({
    run: null,
    error: { problems: expect.arrayContaining([expect.objectContaining({ path: "input.imag" })]) },
  });
  expect(run.stderr).toContain('There is no input "imag"');
});

test("heddle run names the picture that cannot be read", () => {
  const document = write("resize.heddle.json", JSON.stringify(resizeDocument()));
  const file = write("photo.png", "<html>");
  const run = heddle("run", document, "--input", `image=@${file}`);
  expect(run.status).toBe(1);
  expect(run.stderr).toContain(file);
  expect(existsSync(path.join(folder, "out"))).toBe(false);
});

test("heddle check gives the plan, or every problem", () => {
  const good = heddle("check", write("good.json", JSON.stringify(resizeDocument())), "--json");
  expect(good.status).toBe(0);
  expect(good.json).toMatchObject({ ok: true, plan: { steps: expect.any(Array) } });
  const cycle = documentOf({ a: { type: "resize" }, b: { type: "resize" } }, [
    "a.image > b.image",
    "b.image > a.image",
  ]);
  const bad = heddle("check", write("bad.json", JSON.stringify(cycle)), "--json");
  expect(bad.status).toBe(1);
  expect(bad.json).toMatchObject({ ok: false, problems: [{ code: "cycle" }] });
});

test("heddle keys makes, lists and revokes; heddle models lists", () => {
  const made = heddle("keys", "create", "--name", "from the command line", "--json");
  const { id, key } = made.json as { id: string; key: string };
  expect(key).toMatch(/^hdl_live_/);
  expect(heddle("keys", "list").stdout).toContain(id);
  expect(heddle("keys", "revoke", id).status).toBe(0);
  expect(heddle("keys", "list").stdout).not.toContain(id);
  expect(heddle("models", "list", "--json").json).toMatchObject({ models: expect.any(Array) });
});

test("a server that does not answer is said in one line", () => {
  const run = heddle("models", "list", "--server", "http://127.0.0.1:1");
  expect(run.status).toBe(1);
  expect(run.stderr.trim().split("\n")).toHaveLength(1);
  expect(run.stderr).toContain("no Heddle answers at http://127.0.0.1:1");
});
