import { assert, type StepError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { MediaType, PortType, ScalarValue, Value } from "../media.ts";
import type { PlanStep } from "../plan.ts";

export type ExpandItemsResult =
  /** Inputs of each item, in order; none for an empty list. */
  | { readonly ok: true; readonly items: Record<string, Value>[] }
  | { readonly ok: false; readonly error: StepError };

/**
 * The runs of a mapped step: one per item of the lists that flow into its single inputs. Several lists zip; a list of
 * one is repeated; other lengths are a USER error that names the port, as are more items than `limits.fanOut`.
 */
export function expandItems(
  step: Pick<PlanStep, "mapped">,
  inputs: Readonly<Record<string, Value>>,
  limits: Pick<Limits, "fanOut">,
): ExpandItemsResult {
  const lists = step.mapped.map((name) => ({ name, items: itemsOf(inputs[name]) }));
  const count = itemCount(lists.map(({ items }) => items.length));
  if (count > limits.fanOut)
    return refuse("too_many_items", tooMany(count, limits.fanOut), lists[0]?.name);
  const odd = lists.find(({ items }) => items.length !== count && items.length !== 1);
  if (odd !== undefined) return refuse("list_lengths", lengths(lists), odd.name);
  const items = Array.from({ length: count }, (_, index) => {
    const own = lists.map(({ name, items }) => [name, items[items.length === 1 ? 0 : index]]);
    return { ...inputs, ...Object.fromEntries(own) };
  });
  return { ok: true, items };
}

/** Items of a zip: 0 as soon as one list is empty, else the longest. */
export function itemCount(lengths: readonly number[]): number {
  return lengths.includes(0) ? 0 : Math.max(0, ...lengths);
}

/**
 * The outputs of a mapped step from those of its items, in order. `outputs` are the step's own types, which name the
 * media of an empty list; a type still `any` takes that of its first item.
 */
export function collectItems(
  outputs: Readonly<Record<string, PortType>>,
  items: readonly Readonly<Record<string, Value>>[],
): Record<string, Value> {
  const entries = Object.entries(outputs).map(([name, type]): [string, Value] => {
    const values = items.map((item) => scalar(item[name], name));
    return [name, { media: "list", of: listMedia(type, values), items: values }];
  });
  return Object.fromEntries(entries);
}

function listMedia(type: PortType, values: readonly ScalarValue[]): MediaType {
  return type.media === "any" ? (values[0]?.media ?? "text") : type.media;
}

function scalar(value: Value | undefined, name: string): ScalarValue {
  assert(value !== undefined && value.media !== "list", `an item has one value of ${name}`);
  return value;
}

function itemsOf(value: Value | undefined): readonly ScalarValue[] {
  assert(value !== undefined, "a mapped input has a value");
  return value.media === "list" ? value.items : [value];
}

function tooMany(count: number, limit: number): string {
  return `would run ${count} times; at most ${limit} items are allowed (limit fanOut)`;
}

function lengths(lists: readonly { name: string; items: readonly unknown[] }[]): string {
  const each = lists.map(({ name, items }) => `${name} has ${items.length}`).join(", ");
  return `lists that are mapped together must be of one length, or of length 1: ${each}`;
}

function refuse(code: string, message: string, portId: string | undefined): ExpandItemsResult {
  const error = { class: "USER" as const, code, message };
  return { ok: false, error: portId === undefined ? error : { ...error, portId } };
}
