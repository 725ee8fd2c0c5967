import { catalog } from "@heddle/catalog";
import { compile, type Document, documentVersion, parseDocument } from "@heddle/core";
import type { BenchResult } from "./figure.ts";

const nodes = 5_000;
const repeats = 15;

/**
 * How long it takes to read and to compile a chain of 5,000 nodes of the real catalog, each with parameters of its own. The
 * first time is that of a process that has compiled nothing yet.
 */
export function benchCompile(): Promise<BenchResult> {
  const json = JSON.stringify(chain());
  const first = measure(json);
  const later = Array.from({ length: repeats }, () => measure(json));
  const read = median(later.map(({ readMs }) => readMs));
  const compiled = median(later.map(({ compileMs }) => compileMs));
  return Promise.resolve({
    table: `A chain of ${nodes} nodes (Image, Adjust …, Image output), ${json.length} bytes of JSON, read and compiled ${
      repeats + 1
    } times in one process; the median of all but the first. floor: JSON.parse of the same document.`,
    figures: [
      {
        name: "compile.chain_5000_ms",
        value: compiled,
        unit: "ms",
        floor: median(later.map(({ jsonMs }) => jsonMs)),
        goal: 200,
      },
      { name: "compile.chain_5000_first_ms", value: first.compileMs, unit: "ms", goal: 200 },
      { name: "compile.read_chain_5000_ms", value: read, unit: "ms" },
    ],
  });
}

function measure(text: string) {
  const start = performance.now();
  const json: unknown = JSON.parse(text);
  const parsed = performance.now();
  const read = parseDocument(json);
  const checked = performance.now();
  if (!read.ok) throw new Error(read.problems[0]?.message ?? "the chain cannot be read");
  const compiled = compile(read.document, catalog, {
    requireInputs: false,
    randomSeed: () => 1,
  });
  const done = performance.now();
  if (!compiled.ok || compiled.plan.steps.length !== nodes)
    throw new Error(compiled.ok ? "steps were merged" : compiled.problems[0]?.message);
  return { jsonMs: parsed - start, readMs: checked - parsed, compileMs: done - checked };
}

/** Image → Adjust × 4,998, each with another brightness and hue → Image output */
function chain(): Document {
  const ids = Array.from({ length: nodes }, (_, index) => `n${index}`);
  return {
    heddle: documentVersion,
    name: "Chain",
    description: "",
    notes: [],
    nodes: Object.fromEntries(
      ids.map((id, index) => [
        id,
        {
          type: typeAt(index),
          position: { x: index * 264, y: 0 },
          params:
            index === 0 || index === nodes - 1
              ? {}
              : { brightness: index % 97, hue: (index % 359) - 179 },
          mode: "active" as const,
          ports: [],
        },
      ]),
    ),
    edges: ids.slice(1).map((id, index) => ({
      id: `e${index}`,
      from: { node: `n${index}`, port: "image" },
      to: { node: id, port: index === nodes - 2 ? "value" : "image" },
    })),
  };
}

function typeAt(index: number): string {
  if (index === 0) return "input-image";
  return index === nodes - 1 ? "output-image" : "adjust";
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
