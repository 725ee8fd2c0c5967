import {
  valueToJson,
  type Catalog,
  type Json,
  type NodeType,
  type PlanStep,
  type StepError,
  type Value,
} from "@heddle/core";

/** What a step works on: final parameters, and the values of its media ports. */
export interface PreparedStep {
  readonly params: Readonly<Record<string, Json>>;
  readonly inputs: Readonly<Record<string, Value>>;
}
export type PrepareResult =
  | { readonly ok: true; readonly nodeType: NodeType; readonly prepared: PreparedStep }
  | { readonly ok: false; readonly error: StepError };

/**
 * Puts wired values in the place of parameters, and checks them as the form would have. A value that does not fit is a
 * USER error that names the port.
 */
export function prepareStep(
  step: PlanStep,
  values: Readonly<Record<string, Value>>,
  catalog: Catalog,
): PrepareResult {
  const nodeType = catalog.get(step.type);
  if (nodeType === undefined) {
    const message = `This Heddle has no node type "${step.type}"`;
    return { ok: false, error: { class: "INFRA", code: "unknown_node_type", message } };
  }
  const wired: Record<string, Json> = {};
  const inputs: Record<string, Value> = {};
  for (const [name, value] of Object.entries(values)) {
    const field = nodeType.fields.find((candidate) => candidate.name === name);
    if (field?.kind === "param") wired[name] = valueToJson(value);
    else inputs[name] = value;
  }
  // Compile checked the rest already.
  if (Object.keys(wired).length === 0)
    return { ok: true, nodeType, prepared: { params: step.params, inputs } };
  const checked = nodeType.params.safeParse({ ...step.params, ...wired });
  if (checked.success) return { ok: true, nodeType, prepared: { params: checked.data, inputs } };
  const issue = checked.error.issues[0];
  const portId = typeof issue?.path[0] === "string" ? issue.path[0] : undefined;
  const label = nodeType.fields.find(({ name }) => name === portId)?.label ?? nodeType.title;
  const error = {
    class: "USER" as const,
    code: "value_invalid",
    message: `${label}: ${issue?.message ?? "not valid"}`,
  };
  return { ok: false, error: portId === undefined ? error : { ...error, portId } };
}

export type EvaluatedStep =
  | { readonly ok: true; readonly outputs: Readonly<Record<string, Value>> }
  | { readonly ok: false; readonly error: StepError };

/** Does the work of an `evaluate` node. A node type that throws (a bug) fails its step, not the run's progress. */
export function evaluateStep(nodeType: NodeType, { params, inputs }: PreparedStep): EvaluatedStep {
  if (nodeType.work.kind !== "evaluate") {
    const message = `"${nodeType.title}" was planned to be evaluated, but this Heddle runs it on a runner`;
    return { ok: false, error: { class: "INFRA", code: "plan_outdated", message } };
  }
  try {
    const result = nodeType.work.evaluate(params, inputs);
    if (result.ok) return result;
    return { ok: false, error: { class: "USER", code: "value_invalid", ...result.error } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { class: "INFRA", code: "evaluate_failed", message } };
  }
}
