import type { NodeType } from "@heddle/core";
import { describe, expect, it } from "vitest";
import { catalog, models } from "./index.ts";

declare global {
  interface ImportMeta {
    /** Filled in by Vite when the test is compiled. */
    readonly glob: (pattern: string) => Readonly<Record<string, unknown>>;
  }
}

const files = Object.keys(import.meta.glob("./nodes/*.ts"))
  .map((path) => path.replace(/^\.\/nodes\/(.+)\.ts$/, "$1"))
  .filter((name) => !name.endsWith(".test"));
const all = [...catalog.values()];

describe("the registry", () => {
  it("holds exactly the node types that have a file, each under its file's name", () => {
    expect([...catalog.keys()].sort()).toEqual(files.sort());
    for (const [type, node] of catalog) expect(node.type).toBe(type);
  });

  it("holds every input, image, text, flow and output type of the first set", () => {
    const firstSet = `
      upscale input-text input-number seed input-choice input-image input-video input-lora input-images input-texts
      resize crop rotate-flip adjust blend mask-luminance mask-colour blur-sharpen overlay-text grid compare
      text-template text-join text-split text-pick list pick sweep
      output-image output-video output-text output-file`;
    expect([...catalog.keys()]).toEqual(expect.arrayContaining(firstSet.trim().split(/\s+/)));
  });
});

describe("the models", () => {
  it("are exactly those that have a file, each under its file's name", () => {
    const named = Object.keys(import.meta.glob("./models/*.ts")).map((path) => path.slice(9, -3));
    expect([...models.keys()].sort()).toEqual(named.sort());
  });

  it("are the ones that node types refer to, hash and size included", () => {
    for (const { work } of all) {
      if (work.kind !== "op" || work.model === undefined) continue;
      const { id, sha256, sizeBytes } = work.model;
      expect(models.get(id)).toMatchObject({ id, sha256, sizeBytes });
    }
  });
});

describe.each(all.map((node) => [node.type, node] as const))("%s", (_type, node) => {
  it("says in short what it does, with an example", () => {
    expect(node.title.length).toBeGreaterThan(0);
    expect(node.title.length).toBeLessThanOrEqual(24);
    for (const words of [node.help, node.example]) {
      expect(words).toMatch(/\.$/);
      expect(words.length).toBeLessThanOrEqual(200);
    }
  });

  it("gives every field a label, and help without a doubled full stop", () => {
    for (const field of node.fields) {
      expect(field).toMatchObject({ label: expect.stringMatching(/\S/) });
      expect(field.help ?? "None.").toMatch(/[^.]\.$/);
    }
  });

  it("has defaults that are valid, so that a new node starts without a problem of its own", () => {
    const parsed = node.params.safeParse({});
    expect(parsed.error).toBeUndefined();
    const defaults = paramsOf(node).map((field) => [field.name, field.default ?? null]);
    expect(parsed.data).toEqual(Object.fromEntries(defaults));
  });

  it("refuses a parameter that it does not have, by name", () => {
    const parsed = node.params.safeParse({ wdith: 3 });
    expect(parsed.error?.issues[0]?.message).toContain('"wdith"');
  });

  it("has at most three pinned parameters and never turns a name or a file into a port", () => {
    expect(node.fields.filter(({ pinned }) => pinned).length).toBeLessThanOrEqual(3);
    const wirable = node.fields.filter((field) => field.wirable);
    const fixed = wirable.filter(
      (field) => field.name === "name" || field.widget === "file" || field.widget === "files",
    );
    expect(fixed).toEqual([]);
  });

  it("bounds every number", () => {
    const bare = paramsOf(node).filter(({ widget, type, name, min, max }) => {
      if (widget === "switch" || type.media !== "number" || name === "step") return false;
      return min === undefined || max === undefined;
    });
    expect(bare).toEqual([]);
  });

  it("takes the workflow's own name and value when it is an input, and a value when it is an output", () => {
    const names = node.fields.map(({ name }) => name);
    if (node.role !== undefined) expect(names).toEqual(expect.arrayContaining(["name", "value"]));
    if (node.role === "output") expect(node.outputs.map(({ name }) => name)).toEqual(["value"]);
  });

  it("hands every input on under its name when it asks a person", () => {
    if (node.work.kind !== "approve") return;
    const ports = node.fields.filter(({ kind }) => kind === "port").map(({ name }) => name);
    expect(node.outputs.map(({ name, sameAs }) => [name, sameAs])).toEqual(
      ports.map((name) => [name, name]),
    );
  });

  it("refers only to inputs that exist", () => {
    const names = node.fields.map(({ name }) => name);
    for (const { sameAs } of node.outputs)
      if (sameAs !== undefined) expect(names).toContain(sameAs);
    for (const [output, input] of Object.entries(node.bypass ?? {})) {
      expect(node.outputs.map(({ name }) => name)).toContain(output);
      expect(names).toContain(input);
    }
  });

  it("expects a finite time that does not shrink with a larger picture, and is free inside the orchestrator", () => {
    const params = node.params.parse({});
    const [small, large] = [node.estimateMs(params, 1), node.estimateMs(params, 50)];
    expect(Number.isFinite(small)).toBe(true);
    expect(large).toBeGreaterThanOrEqual(small);
    if (node.work.kind !== "op") expect([small, node.price.usd]).toEqual([0, 0]);
    else expect(small).toBeGreaterThan(0);
  });
});

function paramsOf(node: NodeType) {
  return node.fields.filter(({ kind }) => kind === "param");
}
