import type { Document, DocumentEdge } from "../document.ts";
import { edgeIndex } from "../graph/edge-index.ts";
import { nodeTitle } from "../graph/node-label.ts";
import { resolveTypes, type ResolvedTypes } from "../graph/resolve-types.ts";
import { topologicalOrder } from "../graph/topological-order.ts";
import { declaredInputs } from "../interface/describe-interface.ts";
import { defaultLimits, type Limits } from "../limits.ts";
import type { Catalog } from "../node-type.ts";
import type { Problem } from "../problem.ts";
import { applyInputs, type AppliedInputs } from "./apply-inputs.ts";
import { assemblePlan } from "./assemble-plan.ts";
import { checkNames } from "./check-names.ts";
import { checkNodes, type CheckedNodes } from "./check-nodes.ts";
import { checkWireTypes, checkWires } from "./check-wires.ts";
import { chooseTargets } from "./choose-targets.ts";
import type { CompileOptions, CompileResult } from "./compile-options.ts";
import { findCycles, type Cycle } from "./find-cycles.ts";
import { liveGraph, type LiveGraph } from "./live-graph.ts";
import { neededNodes } from "./needed-nodes.ts";
import { checkCounts, checkTypes, type TypedNodes } from "./typed-node.ts";

/**
 * What a document comes to: the steps that its targets need, in order, with their inputs and their estimate; or
 * everything that is in the way, all at once, each with its node, its port and what to do.
 * Pure, linear in nodes and wires, iterative throughout; the same document gives the same plan whatever its key order.
 *
 * The structure (types, wires, names, cycles, limits) must be right everywhere. Parameters and missing inputs are in
 * the way only where a target needs them; elsewhere they are notices, so that a half-built branch stops nobody.
 */
export function compile(
  document: Document,
  catalog: Catalog,
  options: CompileOptions,
): CompileResult {
  const limits = options.limits ?? defaultLimits;
  const tooLarge = checkCounts(document, limits);
  if (tooLarge.length > 0) return { ok: false, problems: tooLarge };
  const structure = checkStructure(document, catalog);
  const inputs = applyInputs(declaredInputs(document, catalog), options, limits);
  const given = { document, catalog, options, limits, structure, inputs };
  if (structure.problems.length > 0) return { ok: false, problems: brokenProblems(given) };
  return compileSound(given);
}

interface Structure {
  readonly nodes: TypedNodes;
  /** Wires whose ends are sound. */
  readonly edges: readonly DocumentEdge[];
  /** Every node after what it needs; shorter than `nodes` when there are cycles. */
  readonly order: readonly string[];
  readonly types: ResolvedTypes;
  readonly problems: readonly Problem[];
}

interface Given {
  readonly document: Document;
  readonly catalog: Catalog;
  readonly options: CompileOptions;
  readonly limits: Limits;
  readonly structure: Structure;
  readonly inputs: AppliedInputs;
}

function checkStructure(document: Document, catalog: Catalog): Structure {
  const typed = checkTypes(document, catalog);
  const wires = checkWires(document, typed.nodes);
  const order = topologicalOrder(typed.nodes.keys(), wires.edges);
  const sound = { nodes: document.nodes, edges: wires.edges };
  const types = resolveTypes(sound, catalog, order);
  const cyclic = order.length < typed.nodes.size;
  const cycles = cyclic ? findCycles([...typed.nodes.keys()], wires.edges) : [];
  const problems = [
    ...typed.problems,
    ...checkNames(typed.nodes),
    ...wires.problems,
    ...checkWireTypes(document, typed.nodes, types),
    ...cycles.map((cycle) => cycleProblem(cycle, document, catalog)),
  ];
  return { nodes: typed.nodes, edges: wires.edges, order, types, problems };
}

/** Nothing can be said about what is needed, so everything counts. */
function brokenProblems(given: Given): Problem[] {
  const { document, structure, inputs } = given;
  const { into } = edgeIndex(document.edges);
  const wiredFields = (id: string): ReadonlySet<string> =>
    new Set(into.get(id)?.map(({ to }) => to.port));
  const active = [...structure.nodes.values()].filter(({ node }) => node.mode === "active");
  const checked = checkNodes(active, { ...given, types: structure.types, wiredFields });
  return [...structure.problems, ...inputs.problems, ...[...checked.problems.values()].flat()];
}

function compileSound(given: Given): CompileResult {
  const { structure, inputs, options, limits } = given;
  const { nodes, edges, order, types } = structure;
  const live = liveGraph(nodes, edges, { types, order, maxWires: limits.edges });
  const targets = chooseTargets({ nodes, live }, options.targets);
  const needed = neededNodes(targets.nodeIds, nodes, live);
  const checked = checkLive(given, live);
  const inTheWay = [
    ...tooManyWires(live, given),
    ...inputs.problems,
    ...targets.problems,
    ...needed.flatMap(({ id }) => checked.problems.get(id) ?? []),
  ];
  if (inTheWay.length > 0) return { ok: false, problems: inTheWay };
  const isNeeded = new Set(needed.map(({ id }) => id));
  const elsewhere = [...checked.problems].filter(([id]) => !isNeeded.has(id));
  const assembled = assemblePlan({ ...given, nodes, types, live, needed, params: checked.params });
  if (assembled.problems.length > 0) return { ok: false, problems: [...assembled.problems] };
  const notices = [...targets.notices, ...elsewhere.flatMap(([, problems]) => problems)];
  return { ok: true, plan: assembled.plan, notices };
}

function checkLive(given: Given, live: LiveGraph): CheckedNodes {
  const { nodes, types } = given.structure;
  const alive = live.order.flatMap((id) => nodes.get(id) ?? []);
  const wiredFields = (id: string): ReadonlySet<string> => new Set(live.inputsOf(id).keys());
  return checkNodes(alive, { ...given, types, wiredFields });
}

function tooManyWires(live: LiveGraph, { structure, limits }: Given): Problem[] {
  if (live.tooManyWires === null) return [];
  const label = structure.nodes.get(live.tooManyWires)?.label ?? live.tooManyWires;
  const message = `${label}: the bypassed nodes up to here stand for more than ${limits.edges} wires (limit edges)`;
  return [{ code: "limit", message, nodeId: live.tooManyWires }];
}

function cycleProblem(cycle: Cycle, document: Document, catalog: Catalog): Problem {
  const ids = [...cycle, ...cycle.slice(0, 1)];
  const titles = ids.map((id) => {
    const node = document.nodes[id];
    return node === undefined ? id : nodeTitle(node, catalog);
  });
  const message = `These nodes wait for each other: ${titles.join(" → ")}; remove one of the wires`;
  const [nodeId] = cycle;
  return { code: "cycle", message, ...(nodeId !== undefined && { nodeId }) };
}
