import { declaredName } from "../interface/declared-field.ts";
import { show } from "../interface/field-problem.ts";
import type { Problem } from "../problem.ts";
import type { TypedNode, TypedNodes } from "./typed-node.ts";

const namePattern = /^[a-z][a-z0-9_]{0,63}$/;

/** Inputs have names of their own, and so have outputs: they are what forms and the API call them. */
export function checkNames(nodes: TypedNodes): Problem[] {
  const all = [...nodes.values()].filter(({ node }) => node.mode === "active");
  return (["input", "output"] as const).flatMap((role) => {
    const owners = new Map<string, TypedNode>();
    return all
      .filter(({ type }) => type.role === role)
      .flatMap((owner) => checkName(owner, role, owners));
  });
}

function checkName(
  owner: TypedNode,
  role: "input" | "output",
  owners: Map<string, TypedNode>,
): Problem[] {
  const name = declaredName(owner.node, owner.type);
  const where = { nodeId: owner.id, portId: "name", path: `nodes.${owner.id}.params.name` };
  if (name === undefined || !namePattern.test(name)) {
    const message = `${owner.label}: the name of an ${role} starts with a lower-case letter and holds only a–z, 0–9 and _, at most 64; got ${show(name ?? null)}`;
    return [{ code: "name_invalid", message, ...where }];
  }
  const first = owners.get(name);
  owners.set(name, first ?? owner);
  if (first === undefined) return [];
  const message = `${owner.label}: the ${role} name "${name}" is taken by ${first.label}; choose another`;
  return [{ code: "name_duplicate", message, ...where }];
}
