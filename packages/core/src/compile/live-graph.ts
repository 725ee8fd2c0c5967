import type { DocumentEdge } from "../document.ts";
import { edgeIndex } from "../graph/edge-index.ts";
import type { ResolvedTypes } from "../graph/resolve-types.ts";
import type { TypedNodes } from "./typed-node.ts";

/** An output that feeds something. */
export interface Source {
  readonly node: string;
  readonly port: string;
}

export type Inputs = ReadonlyMap<string, readonly Source[]>;

/** The graph that can run: without muted nodes and what needs them, bypassed nodes replaced by what they hand on. */
export interface LiveGraph {
  /** Active nodes that can run, each after what it needs. */
  readonly order: readonly string[];
  /** What feeds each input of a live node, in wire order; an input that nothing feeds is absent. */
  readonly inputsOf: (nodeId: string) => Inputs;
  /** What a bypassed node hands on, all its outputs together. */
  readonly handedOnBy: (nodeId: string) => readonly Source[];
  /** The muted node on whose account a node is left out; absent: it is not. */
  readonly droppedBy: ReadonlyMap<string, string>;
  /** Some bypassed node stands for more wires than `limits.edges`. */
  readonly tooManyWires: string | null;
}

interface Building {
  readonly nodes: TypedNodes;
  readonly types: ResolvedTypes;
  readonly into: ReadonlyMap<string, readonly DocumentEdge[]>;
  readonly droppedBy: Map<string, string>;
  readonly inputs: Map<string, Inputs>;
  /** By bypassed node, then output. */
  readonly handedOn: Map<string, ReadonlyMap<string, readonly Source[]>>;
}

const noInputs: Inputs = new Map();

/** `edges` are checked and free of cycles. */
export function liveGraph(
  nodes: TypedNodes,
  edges: readonly DocumentEdge[],
  options: {
    readonly types: ResolvedTypes;
    /** Every node after what it needs. */
    readonly order: readonly string[];
    readonly maxWires: number;
  },
): LiveGraph {
  const { into } = edgeIndex(edges);
  const building: Building = {
    nodes,
    types: options.types,
    into,
    droppedBy: new Map(),
    inputs: new Map(),
    handedOn: new Map(),
  };
  let tooManyWires: string | null = null;
  const order: string[] = [];
  for (const id of options.order) {
    const mode = nodes.get(id)?.node.mode;
    const culprit = mode === "muted" ? id : droppedUpstream(id, building);
    if (culprit !== undefined) building.droppedBy.set(id, culprit);
    else if (mode === "active") {
      building.inputs.set(id, gatherInputs(id, building));
      order.push(id);
    } else {
      const handed = handOn(id, building);
      const count = [...handed.values()].reduce((sum, sources) => sum + sources.length, 0);
      if (count > options.maxWires) tooManyWires ??= id;
      building.handedOn.set(id, count > options.maxWires ? new Map() : handed);
    }
  }
  return {
    order,
    inputsOf: (id) => building.inputs.get(id) ?? noInputs,
    handedOnBy: (id) => [...(building.handedOn.get(id)?.values() ?? [])].flat(),
    droppedBy: building.droppedBy,
    tooManyWires,
  };
}

function droppedUpstream(id: string, { into, droppedBy }: Building): string | undefined {
  for (const { from } of into.get(id) ?? []) {
    const culprit = droppedBy.get(from.node);
    if (culprit !== undefined) return culprit;
  }
  return undefined;
}

function handOn(id: string, building: Building): ReadonlyMap<string, readonly Source[]> {
  const inputs = gatherInputs(id, building);
  const handsOn = building.types.get(id)?.handsOn ?? new Map<string, string>();
  return new Map([...handsOn].map(([output, field]) => [output, inputs.get(field) ?? []]));
}

function gatherInputs(id: string, { into, nodes, handedOn }: Building): Inputs {
  const inputs = new Map<string, Source[]>();
  for (const { from, to } of into.get(id) ?? []) {
    const bypassed = nodes.get(from.node)?.node.mode === "bypassed";
    const given = bypassed ? (handedOn.get(from.node)?.get(from.port) ?? []) : [from];
    if (given.length === 0) continue;
    const sources = inputs.get(to.port);
    if (sources === undefined) inputs.set(to.port, [...given]);
    else sources.push(...given);
  }
  return inputs;
}
