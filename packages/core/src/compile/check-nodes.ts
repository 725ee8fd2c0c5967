import type { Document } from "../document.ts";
import { edgeIndex } from "../graph/edge-index.ts";
import type { ResolvedTypes } from "../graph/resolve-types.ts";
import type { Json } from "../json.ts";
import type { Limits } from "../limits.ts";
import type { Problem } from "../problem.ts";
import type { AppliedInputs } from "./apply-inputs.ts";
import type { CompileOptions } from "./compile-options.ts";
import { resolveParams, type ParsedParams } from "./resolve-params.ts";
import type { TypedNode } from "./typed-node.ts";

interface Checking {
  readonly document: Document;
  readonly options: CompileOptions;
  readonly limits: Limits;
  readonly inputs: AppliedInputs;
  readonly types: ResolvedTypes;
  /** Fields of a node that something flows into. */
  readonly wiredFields: (nodeId: string) => ReadonlySet<string>;
}

export interface CheckedNodes {
  /** By node id, also of nodes with problems. */
  readonly params: ReadonlyMap<string, Readonly<Record<string, Json>>>;
  /** Nodes without problems have no entry. */
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
}

/** What each node can be blamed for by itself: its parameters, an input without a wire or value, a nested list. */
export function checkNodes(nodes: readonly TypedNode[], checking: Checking): CheckedNodes {
  const params = new Map<string, Readonly<Record<string, Json>>>();
  const problems = new Map<string, readonly Problem[]>();
  const parsed = new Map<string, ParsedParams>();
  for (const target of nodes) {
    const wired = checking.wiredFields(target.id);
    const resolved = resolveParams(target, {
      wired,
      override: checking.inputs.values.get(target.id),
      randomSeed: checking.options.randomSeed,
      limits: checking.limits,
      parsed,
    });
    params.set(target.id, resolved.params);
    const found = [...resolved.problems, ...missingPorts(target, wired, checking)];
    const missing = checking.inputs.missing.get(target.id);
    if (missing !== undefined) found.push(missing);
    if (checking.types.get(target.id)?.nested === true) found.push(nestedList(target, checking));
    if (found.length > 0) problems.set(target.id, found);
  }
  return { params, problems };
}

function missingPorts(
  target: TypedNode,
  wired: ReadonlySet<string>,
  { document }: Checking,
): Problem[] {
  const wires = edgeIndex(document.edges).into.get(target.id) ?? [];
  return target.type.fields
    .filter(({ kind, required, name }) => kind === "port" && required && !wired.has(name))
    .map(({ name }) => {
      const bypassed = wires.some(({ to }) => to.port === name);
      const what = bypassed
        ? `${name} gets nothing, because the bypassed node before it has nothing to hand on; wire something in`
        : `${name} is not connected; wire something in`;
      return {
        code: "input_missing",
        message: `${target.label}: ${what}`,
        nodeId: target.id,
        portId: name,
        path: `nodes.${target.id}`,
      };
    });
}

function nestedList({ id, label }: TypedNode, { types }: Checking): Problem {
  const portId = types.get(id)?.inputs.find(({ mapped }) => mapped)?.field.name;
  return {
    code: "nested_list",
    message: `${label}: ${portId ?? "an input"} gets a list, but this node makes lists itself, and a list of lists cannot be; pick one item first`,
    nodeId: id,
    ...(portId !== undefined && { portId }),
  };
}
