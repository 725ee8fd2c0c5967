import type { DocumentNode } from "../document.ts";
import type { Json } from "../json.ts";
import type { Field, NodeType, Widget } from "../node-type.ts";

/** The parameter of an input node that a run's input overrides, and an output node's port. */
export const valueField = "value";

/** A parameter as it stands: what the person set, else the default. */
export function paramOf(node: DocumentNode, type: NodeType, name: string): Json | undefined {
  if (Object.hasOwn(node.params, name)) return node.params[name];
  return type.fields.find((field) => field.name === name)?.default;
}

/** The API name of an input or output node. */
export function declaredName(node: DocumentNode, type: NodeType): string | undefined {
  const name = paramOf(node, type, "name");
  return typeof name === "string" ? name : undefined;
}

/**
 * The field that a form shows for an input node: its type's `value` with the node's own label, help, range, step,
 * length and options. Undefined for a type without a `value`.
 */
export function declaredField(node: DocumentNode, type: NodeType): Field | undefined {
  const field = type.fields.find(({ name }) => name === valueField);
  if (field === undefined) return undefined;
  const { help: _, ...bare } = field;
  const text = (name: string): string => {
    const json = paramOf(node, type, name);
    return typeof json === "string" ? json.trim() : "";
  };
  const label = text("label") || node.title?.trim() || declaredName(node, type) || field.label;
  // The type's own help explains the node to whoever builds the workflow, not the field to whoever fills it in.
  const help = text("help");
  const placeholder = text("placeholder") || field.placeholder;
  const options = optionsOf(paramOf(node, type, "options")) ?? field.options;
  return {
    ...bare,
    ...ownNumbers(node, type),
    widget: ownWidget(field, node, type),
    label,
    ...(help !== "" && { help }),
    ...(placeholder !== undefined && { placeholder }),
    ...(options !== undefined && { options }),
  };
}

type Bounds = Partial<Record<"min" | "max" | "step" | "maxLength", number>>;

function ownNumbers(node: DocumentNode, type: NodeType): Bounds & { integer?: boolean } {
  const own: Bounds & { integer?: boolean } = {};
  for (const name of ["min", "max", "step", "maxLength"] as const) {
    const json = paramOf(node, type, name);
    if (typeof json === "number") own[name] = json;
  }
  if (paramOf(node, type, "integer") === true) own.integer = true;
  return own;
}

/** A number with both bounds is a slider; a text that is not `multiline` has one line. */
function ownWidget({ widget }: Field, node: DocumentNode, type: NodeType): Widget {
  const { min, max } = ownNumbers(node, type);
  if (widget === "number" && min !== undefined && max !== undefined) return "slider";
  return widget === "textarea" && paramOf(node, type, "multiline") === false ? "text" : widget;
}

/** `["a","b"]`, `[{value,label}]`, or a text with one option per line. */
function optionsOf(json: Json | undefined): Field["options"] {
  const lines = typeof json === "string" ? json.split("\n") : json;
  if (!Array.isArray(lines)) return undefined;
  const options = lines.flatMap((line) => {
    if (typeof line === "string")
      return line.trim() === "" ? [] : [{ value: line.trim(), label: line.trim() }];
    if (line === null || typeof line !== "object" || Array.isArray(line)) return [];
    const { value, label } = line;
    if (typeof value !== "string") return [];
    return [{ value, label: typeof label === "string" ? label : value }];
  });
  return options.length > 0 ? options : undefined;
}
