import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cacheKey } from "../cache-key.ts";
import type { Document } from "../document.ts";
import { connectionProblem } from "../graph/connection-problem.ts";
import { portsOf, resolveTypes } from "../graph/resolve-types.ts";
import { topologicalOrder } from "../graph/topological-order.ts";
import { describeInterface } from "../interface/describe-interface.ts";
import { parseDocument } from "../parse-document.ts";
import { planSchema, type Plan } from "../plan.ts";
import { parentSteps } from "../run/run-state.ts";
import { soundDocument, wildDocument } from "../testing/arbitrary-document.ts";
import { compileTest } from "../testing/compile-with.ts";
import { testCatalog } from "../testing/test-catalog.ts";

const runs = { numRuns: 400 };

describe("compile, for every document", () => {
  it("C1: never throws, and neither does anything else that looks at a document", () => {
    fc.assert(
      fc.property(wildDocument, fc.boolean(), (document, requireInputs) => {
        const result = compileTest(document, { requireInputs });
        if (result.ok) expect(planSchema.parse(result.plan)).toEqual(result.plan);
        else expect(result.problems.length).toBeGreaterThan(0);
        describeInterface(document, testCatalog);
        resolveTypes(document, testCatalog);
        for (const { from, to } of document.edges) {
          connectionProblem(document, testCatalog, { from: to, to: from });
        }
      }),
      runs,
    );
  });

  it("C1: never throws on any JSON", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          wildDocument.map((document) => JSON.stringify(document)),
        ),
        (text) => {
          const parsed = parseDocument(JSON.parse(text));
          if (parsed.ok) compileTest(parsed.document);
        },
      ),
      runs,
    );
  });

  it("C5: every problem says where it is", () => {
    fc.assert(
      fc.property(wildDocument, (document) => {
        const result = compileTest(document);
        for (const problem of result.ok ? result.notices : result.problems) {
          expect(problem.message.length).toBeGreaterThan(10);
          const placed = problem.nodeId !== undefined || problem.path !== undefined;
          if (problem.code !== "no_output") expect(placed).toBe(true);
        }
      }),
      runs,
    );
  });
});

describe("compile, for every sound document", () => {
  it("C2, C3: the plan is a topological order of exactly what the targets need", () => {
    let compiled = 0;
    fc.assert(
      fc.property(soundDocument, (document) => {
        const result = compileTest(document);
        if (!result.ok) return;
        compiled += 1;
        expect(planSchema.parse(result.plan)).toEqual(result.plan);
        const seen = new Set<string>();
        for (const step of result.plan.steps) {
          for (const parent of parentSteps(step)) expect(seen.has(parent)).toBe(true);
          expect(seen.has(step.id)).toBe(false);
          seen.add(step.id);
        }
        expect(Object.keys(result.plan.nodeSteps).toSorted()).toEqual(neededBySpec(document));
      }),
      { numRuns: 1000 },
    );
    expect(compiled).toBeGreaterThan(200);
  });

  it("C4: the plan is the same whatever the order of keys, the positions and the titles", () => {
    fc.assert(
      fc.property(soundDocument, fc.infiniteStream(fc.nat(100)), (document, numbers) => {
        const nodes = Object.entries(document.nodes)
          .map(([id, node]) => ({ id, node, rank: numbers.next().value }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ id, node, rank }) => [
            id,
            { title: `T${rank}`, ...node, position: { x: rank, y: -rank } },
          ]);
        const other: Document = { ...document, nodes: Object.fromEntries(nodes) };
        expect(JSON.stringify(stripMessages(compileTest(other)))).toBe(
          JSON.stringify(stripMessages(compileTest(document))),
        );
      }),
      runs,
    );
  });

  it("C11, K2: renaming every node gives the same steps under other names, with the same cache keys", () => {
    fc.assert(
      fc.property(soundDocument, (document) => {
        const first = compileTest(document);
        const second = compileTest(renamed(document));
        expect(second.ok).toBe(first.ok);
        if (!first.ok || !second.ok) return;
        expect(keysOf(second.plan)).toEqual(keysOf(first.plan));
      }),
      runs,
    );
  });

  it("T2: the ports of one node are those that the whole document gives it", () => {
    fc.assert(
      fc.property(wildDocument, (document) => {
        const ids = Object.keys(document.nodes);
        const edges = document.edges.filter(
          ({ from, to }) => ids.includes(from.node) && ids.includes(to.node),
        );
        fc.pre(topologicalOrder(ids, edges).length === ids.length);
        const all = resolveTypes(document, testCatalog);
        for (const id of ids) {
          expect(portsOf(document, id, testCatalog)).toEqual(all.get(id));
        }
      }),
      runs,
    );
  });
});

/** The rules once more, slowly: what the output nodes reach, without muted nodes, through bypassed ones. */
function neededBySpec(document: Document): string[] {
  const { nodes, edges } = document;
  const ids = Object.keys(nodes);
  const types = resolveTypes(document, testCatalog);
  const into = (id: string) => edges.filter(({ to }) => to.node === id);
  const dropped = (id: string): boolean =>
    nodes[id]?.mode === "muted" || into(id).some(({ from }) => dropped(from.node));
  const sources = (id: string, port?: string): string[] =>
    into(id)
      .filter(({ to }) => port === undefined || to.port === port)
      .flatMap(({ from }) => {
        if (nodes[from.node]?.mode !== "bypassed") return [from.node];
        const field = types.get(from.node)?.handsOn.get(from.port);
        return field === undefined ? [] : sources(from.node, field);
      });
  const alive = ids.filter((id) => nodes[id]?.mode === "active" && !dropped(id));
  const feeding = new Set(alive.flatMap((id) => sources(id)));
  const outputs = ids.filter((id) => nodes[id]?.type.startsWith("output-"));
  const wanted = outputs.length > 0 ? outputs : alive.filter((id) => !feeding.has(id));
  const needed = new Set<string>();
  const visit = (id: string): void => {
    needed.add(id);
    for (const source of sources(id)) visit(source);
  };
  for (const id of wanted) if (alive.includes(id)) visit(id);
  return [...needed].toSorted();
}

/** Problems name nodes by title, so only their codes and places can be equal. */
function stripMessages(result: ReturnType<typeof compileTest>): unknown {
  const strip = ({ message: _message, ...rest }: { message: string }) => rest;
  if (result.ok) return { ...result, notices: result.notices.map(strip) };
  return { ...result, problems: result.problems.map(strip) };
}

/** Other ids, in another alphabetical order. */
function renamed(document: Document): Document {
  const ids = Object.keys(document.nodes);
  const name = (id: string) => `r${String(ids.length - ids.indexOf(id)).padStart(3, "0")}`;
  return {
    ...document,
    nodes: Object.fromEntries(Object.entries(document.nodes).map(([id, node]) => [name(id), node])),
    edges: document.edges.map(({ id, from, to }) => ({
      id,
      from: { ...from, node: name(from.node) },
      to: { ...to, node: name(to.node) },
    })),
  };
}

/** A cache key for each step, with the keys of what it needs in the place of their results; sorted. */
function keysOf(plan: Plan): string[] {
  const keys = new Map<string, string>();
  for (const step of plan.steps) {
    const inputs = Object.entries(step.inputs).map(([name, input]) => {
      const sources = input.kind === "list" ? input.items : [input];
      const items = sources.map((source) => ({
        media: "text" as const,
        text: source.kind === "step" ? `${keys.get(source.step) ?? "?"}.${source.port}` : "value",
      }));
      return [name, { media: "list" as const, of: "text" as const, items }];
    });
    const { op = step.type, version, model } = step;
    // Of merged inputs the first gives its name, which says nothing of the result.
    const params = step.type.startsWith("input-") ? { ...step.params, name: "" } : step.params;
    keys.set(step.id, cacheKey({ op, version, model, params, inputs: Object.fromEntries(inputs) }));
  }
  return [...keys.values()].toSorted();
}
