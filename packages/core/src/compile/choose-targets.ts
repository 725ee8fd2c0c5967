import { declaredName } from "../interface/declared-field.ts";
import type { Problem } from "../problem.ts";
import type { LiveGraph } from "./live-graph.ts";
import type { TypedNode, TypedNodes } from "./typed-node.ts";

export interface Targets {
  /** Active nodes whose results are wanted, sorted by id. */
  readonly nodeIds: readonly string[];
  readonly problems: readonly Problem[];
  /** Declared outputs that are left out because something is muted or bypassed. */
  readonly notices: readonly Problem[];
}

interface Chosen {
  readonly nodes: TypedNodes;
  readonly live: LiveGraph;
}

/** What a run is for: the targets asked for, else every output node, else every leaf. */
export function chooseTargets(chosen: Chosen, asked: readonly string[] | undefined): Targets {
  if (asked !== undefined) return askedTargets(chosen, asked);
  const outputs = [...chosen.nodes.values()].filter(({ type }) => type.role === "output");
  const wanted = outputs.length === 0 ? leaves(chosen) : outputs;
  const alive = new Set(chosen.live.order);
  const nodeIds = wanted.filter(({ id }) => alive.has(id)).map(({ id }) => id);
  const left = outputs.filter(({ id }) => !alive.has(id));
  const notices = left.map((output) => leftOut(output, chosen));
  if (nodeIds.length > 0) return { nodeIds, problems: [], notices };
  return { nodeIds, problems: notices.length > 0 ? notices : [nothing(chosen)], notices: [] };
}

function askedTargets(chosen: Chosen, asked: readonly string[]): Targets {
  const nodeIds = new Set<string>();
  const problems: Problem[] = [];
  const alive = new Set(chosen.live.order);
  for (const name of asked) {
    const target = findTarget(chosen.nodes, name);
    if (target === undefined) {
      problems.push(unknownTarget(chosen.nodes, name));
      continue;
    }
    const handedOn = chosen.live.handedOnBy(target.id);
    if (alive.has(target.id)) nodeIds.add(target.id);
    else if (handedOn.length === 0) problems.push(leftOut(target, chosen));
    for (const source of handedOn) nodeIds.add(source.node);
  }
  if (asked.length === 0) problems.push(nothing(chosen));
  return { nodeIds: [...nodeIds].sort(), problems, notices: [] };
}

function findTarget(nodes: TypedNodes, name: string): TypedNode | undefined {
  const byName = ({ node, type }: TypedNode): boolean =>
    type.role === "output" && declaredName(node, type) === name;
  return nodes.get(name) ?? [...nodes.values()].find(byName);
}

/** Live nodes that feed no live node. */
function leaves({ nodes, live }: Chosen): TypedNode[] {
  const feeding = new Set<string>();
  for (const id of live.order) {
    for (const source of [...live.inputsOf(id).values()].flat()) feeding.add(source.node);
  }
  const alive = new Set(live.order);
  return [...nodes.values()].filter(({ id }) => alive.has(id) && !feeding.has(id));
}

function leftOut(target: TypedNode, { nodes, live }: Chosen): Problem {
  const culprit = live.droppedBy.get(target.id);
  const muted = culprit === undefined ? undefined : nodes.get(culprit);
  const name = target.type.role === "output" ? declaredName(target.node, target.type) : undefined;
  const what = name === undefined ? "" : `output "${name}" is left out: `;
  const why =
    muted === undefined
      ? "it is bypassed and has nothing to hand on; make it active again"
      : `${muted.id === target.id ? "it" : muted.label} is muted; make it active again`;
  return { code: "no_output", message: `${target.label}: ${what}${why}`, nodeId: target.id };
}

function unknownTarget(nodes: TypedNodes, name: string): Problem {
  const outputs = [...nodes.values()].filter(({ type }) => type.role === "output");
  const names = outputs.flatMap(({ node, type }) => declaredName(node, type) ?? []);
  const known = names.length === 0 ? "it has no outputs" : `its outputs are ${names.join(", ")}`;
  return {
    code: "target_unknown",
    message: `The workflow has no node or output "${name}"; ${known}`,
    path: "targets",
  };
}

function nothing({ nodes }: Chosen): Problem {
  const message =
    nodes.size === 0
      ? "The workflow has no nodes; add an output and what makes it"
      : "There is nothing to run: no target is left";
  return { code: "no_output", message };
}
