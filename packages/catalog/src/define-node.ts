import {
  assert,
  jsonSchema,
  valueToJson,
  type EvaluateError,
  type EvaluateResult,
  type Field,
  type Json,
  type ModelRef,
  type NodeGroup,
  type NodeType,
  type NodeWork,
  type OutputPort,
  type PortType,
  type Price,
  type Value,
} from "@heddle/core";
import { z } from "zod";
import { deriveField } from "./derive-field.ts";
import { describeIssue } from "./describe-issue.ts";
import { devicePrice, free } from "./price.ts";

type PortShape = Readonly<Record<string, z.ZodType>>;
type ParamObject = z.ZodObject;

/** Everything that the work of a node sees, typed: parameters and wired values by field name. */
type InputOf<Ports extends PortShape, Params extends ParamObject> = z.output<Params> &
  z.output<z.ZodObject<Ports>>;

interface OutputDeclaration {
  readonly label: string;
  readonly type: PortType;
  readonly sameAs?: string;
}

interface Declaration<Ports extends PortShape, Params extends ParamObject> {
  /** kebab-case, and the name of its file */
  readonly type: string;
  /** Raise it whenever the same inputs would give another result. */
  readonly version: number;
  readonly title: string;
  readonly group: NodeGroup;
  readonly role?: "input" | "output";
  /** What it does, in a sentence or two. */
  readonly help: string;
  readonly example: string;
  readonly keywords?: readonly string[];
  /** Media ports, from the helpers of `ports.ts`. */
  readonly inputs: Ports;
  /** A zod strict object; each field with `.meta({ label, … })`. Refinements name the field in `path`. */
  readonly params: Params;
  readonly outputs: Readonly<Record<string, OutputDeclaration>>;
  readonly bypass?: Readonly<Record<string, string>>;
}

interface EvaluateDeclaration<
  Ports extends PortShape,
  Params extends ParamObject,
> extends Declaration<Ports, Params> {
  /** Pure and tiny. */
  readonly evaluate: (input: InputOf<Ports, Params>) => EvaluateResult;
}

/** Every output hands on the input of its name. */
interface ApproveDeclaration<
  Ports extends PortShape,
  Params extends ParamObject,
> extends Declaration<Ports, Params> {
  readonly approve: true;
}

interface OpDeclaration<Ports extends PortShape, Params extends ParamObject> extends Declaration<
  Ports,
  Params
> {
  readonly op: string;
  readonly model?: ModelRef;
  readonly price?: Price;
  /** Expected device time in milliseconds. */
  readonly estimateMs: NodeType["estimateMs"];
}

type WorkDeclaration<Ports extends PortShape, Params extends ParamObject> =
  | EvaluateDeclaration<Ports, Params>
  | ApproveDeclaration<Ports, Params>
  | OpDeclaration<Ports, Params>;

export type ReadResult<Input> =
  | { readonly ok: true; readonly input: Input }
  | { readonly ok: false; readonly error: EvaluateError };

/** A node type that can also read its own input: ops use it, so a node and its op cannot disagree. */
export interface NodeDefinition<Input> extends NodeType {
  /** Checks parameters and wired values together. A value under a parameter's name in `inputs` wins over `params`. */
  readonly read: (
    params: Readonly<Record<string, Json>>,
    inputs: Readonly<Record<string, Value>>,
  ) => ReadResult<Input>;
}

/** What the work of a node type sees: `NodeInput<typeof crop>`. */
export type NodeInput<Node> = Node extends NodeDefinition<infer Input> ? Input : never;

/** Declares one kind of node; fields, validation and form derive from the zod schemas. */
export function defineNode<Ports extends PortShape, Params extends ParamObject>(
  declaration: WorkDeclaration<Ports, Params>,
): NodeDefinition<InputOf<Ports, Params>> {
  const fields = deriveFields(declaration);
  const read = createRead(declaration, fields);
  const { type, version, title, group, role, help, example, keywords = [], bypass } = declaration;
  return {
    type,
    version,
    title,
    group,
    ...(role !== undefined && { role }),
    help,
    example,
    keywords,
    fields,
    outputs: deriveOutputs(declaration.outputs),
    params: createParams(declaration.params, fields),
    work: createWork(declaration, read),
    price: "op" in declaration ? (declaration.price ?? devicePrice) : free,
    estimateMs: "op" in declaration ? declaration.estimateMs : () => 0,
    ...(bypass !== undefined && { bypass }),
    read,
  };
}

function deriveFields({ type, inputs, params }: Declaration<PortShape, ParamObject>): Field[] {
  const ports = Object.entries(inputs).map(([name, schema]) => deriveField(name, schema));
  const settings = Object.entries(params.shape).map(([name, schema]) => {
    assert(schema instanceof z.ZodType, `${type}.${name} is a zod schema`);
    return deriveField(name, schema);
  });
  const fields = [...ports, ...settings];
  assert(
    new Set(fields.map(({ name }) => name)).size === fields.length,
    `${type} has two fields of one name`,
  );
  return fields;
}

function deriveOutputs(outputs: Readonly<Record<string, OutputDeclaration>>): OutputPort[] {
  return Object.entries(outputs).map(([name, output]) => ({ name, ...output }));
}

function createWork<Ports extends PortShape, Params extends ParamObject>(
  declaration: WorkDeclaration<Ports, Params>,
  read: NodeDefinition<InputOf<Ports, Params>>["read"],
): NodeWork {
  if ("op" in declaration) {
    const { op, model } = declaration;
    return { kind: "op", op, ...(model !== undefined && { model }) };
  }
  if ("approve" in declaration) return { kind: "approve" };
  return {
    kind: "evaluate",
    evaluate: (params, inputs) => {
      const found = read(params, inputs);
      return found.ok ? declaration.evaluate(found.input) : found;
    },
  };
}

/**
 * The parameters alone, as a document holds them. Messages of its issues are the end of a sentence that starts with
 * the field's name: `must be at most 16384 px`.
 */
function createParams(params: ParamObject, fields: readonly Field[]): NodeType["params"] {
  return z.unknown().transform((value, context) => {
    const found = params.safeParse(value);
    if (found.success) {
      assert(isJsonRecord(found.data), "parameters are JSON");
      return found.data;
    }
    for (const issue of ownIssues(found.error)) {
      context.addIssue({ ...issue, message: describeIssue(fieldOf(fields, issue), issue) });
    }
    return z.NEVER;
  });
}

/** Looked at by hand: a large document has thousands of nodes, and nearly every parameter is a scalar. */
function isJsonRecord(data: Readonly<Record<string, unknown>>): data is Record<string, Json> {
  return Object.values(data).every(
    (value) => isScalar(value) || jsonSchema.safeParse(value).success,
  );
}

function isScalar(value: unknown): boolean {
  const type = typeof value;
  return type === "string" || type === "boolean" || (type === "number" && Number.isFinite(value));
}

function createRead<Ports extends PortShape, Params extends ParamObject>(
  declaration: Declaration<Ports, Params>,
  fields: readonly Field[],
): NodeDefinition<InputOf<Ports, Params>>["read"] {
  const portsSchema = z.object(declaration.inputs);
  return (params, inputs) => {
    const settings = declaration.params.safeParse({ ...params, ...wiredParams(fields, inputs) });
    if (!settings.success) return { ok: false, error: firstError(fields, settings.error) };
    const wired = portsSchema.safeParse(inputs);
    if (!wired.success) return { ok: false, error: firstError(fields, wired.error) };
    return { ok: true, input: { ...settings.data, ...wired.data } };
  };
}

function wiredParams(
  fields: readonly Field[],
  inputs: Readonly<Record<string, Value>>,
): Record<string, Json> {
  const wired: Record<string, Json> = {};
  for (const { name, kind } of fields) {
    const value = inputs[name];
    if (kind === "param" && value !== undefined) wired[name] = valueToJson(value);
  }
  return wired;
}

function firstError(fields: readonly Field[], error: z.ZodError): EvaluateError {
  const [issue] = ownIssues(error);
  assert(issue !== undefined, "a failed parse has an issue");
  const field = fieldOf(fields, issue);
  const wrong = describeIssue(field, issue);
  if (field === undefined) return { message: `The node ${wrong}.` };
  return { portId: field.name, message: `${field.label} ${wrong}.` };
}

/** What is wrong in itself; what compares fields is left out while one of them is wrong anyway. */
function ownIssues({ issues }: z.ZodError): z.core.$ZodIssue[] {
  const own = issues.filter(({ code }) => code !== "custom");
  return own.length > 0 ? own : issues;
}

function fieldOf(fields: readonly Field[], issue: z.core.$ZodIssue): Field | undefined {
  return fields.find(({ name }) => name === issue.path[0]);
}
