import type { z } from "zod";
import type { Json } from "./json.ts";
import type { PortType, Value } from "./media.ts";

/** Palette groups: by what a node makes. */
export const nodeGroups = ["image", "video", "text", "number", "lora", "flow", "output"] as const;
export type NodeGroup = (typeof nodeGroups)[number];

export const widgets = [
  "port",
  "slider",
  "number",
  "text",
  "textarea",
  "select",
  "switch",
  "colour",
  "seed",
  "file",
  "files",
  "texts",
] as const;
export type Widget = (typeof widgets)[number];

/** One input of a node, derived from its zod schema: a media port, or a parameter that may become one. */
export interface Field {
  readonly name: string;
  /** `port`: takes wires only. `param`: has a widget, and takes a wire of `type` when turned into a port. */
  readonly kind: "port" | "param";
  readonly type: PortType;
  /** No default and nothing wired is a problem. */
  readonly required: boolean;
  readonly label: string;
  readonly help?: string;
  readonly widget: Widget;
  readonly default?: Json;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly integer?: boolean;
  readonly unit?: string;
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  /** Shown on the node itself unless the person unpins it. */
  readonly pinned?: boolean;
  /** Parameters that only matter sometimes are folded away in the inspector. */
  readonly advanced?: boolean;
  /** Not turned into a port: names of inputs and outputs, files, modes that change the ports. */
  readonly wirable: boolean;
}

/** One output. `sameAs` gives the media type of what is wired into that input. */
export interface OutputPort {
  readonly name: string;
  readonly label: string;
  readonly type: PortType;
  readonly sameAs?: string;
}

/** Everything a node's work sees: parameters with defaults filled in and wired values, by field name. */
export type FieldValues = Readonly<Record<string, Json | Value | undefined>>;

/** A wrong value met while evaluating; becomes a USER step error that names the port. */
export interface EvaluateError {
  readonly portId?: string;
  readonly message: string;
}
export type EvaluateResult =
  | { readonly ok: true; readonly outputs: Readonly<Record<string, Value>> }
  | { readonly ok: false; readonly error: EvaluateError };

/** How the work of a node is done. */
export type NodeWork =
  /** Pure and tiny; runs inside the orchestrator. `params` are validated; `inputs` hold the wired media values. */
  | {
      readonly kind: "evaluate";
      readonly evaluate: (
        params: Readonly<Record<string, Json>>,
        inputs: Readonly<Record<string, Value>>,
      ) => EvaluateResult;
    }
  /** A person approves, and every output is the input of its name; or declines, and the step fails. Never cached. */
  | { readonly kind: "approve" }
  /** Runs on a runner that supports `op`. */
  | { readonly kind: "op"; readonly op: string; readonly model?: ModelRef };

/** The weights that an op needs; `sha256` of the file decides the result, so it is part of the cache key. */
export interface ModelRef {
  readonly id: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** What the price of a step is counted in. `usd` per unit. */
export interface Price {
  readonly unit: "second" | "image" | "megapixel";
  readonly usd: number;
}

/** One kind of node, declared once in the catalog; form, handles, validation, OpenAPI, cost and palette derive from it. */
export interface NodeType {
  readonly type: string;
  /** Raised whenever the same inputs would give another result; part of the cache key. */
  readonly version: number;
  readonly title: string;
  readonly group: NodeGroup;
  /** A declared input or output of the workflow; its parameter `name` is the name that forms and the API use. */
  readonly role?: "input" | "output";
  readonly help: string;
  readonly example: string;
  /** Words that the search finds besides title and help. */
  readonly keywords: readonly string[];
  readonly fields: readonly Field[];
  readonly outputs: readonly OutputPort[];
  /** Parameters only (no media ports), with defaults; strict: an unknown parameter is an error. */
  readonly params: z.ZodType<Readonly<Record<string, Json>>, unknown>;
  readonly work: NodeWork;
  readonly price: Price;
  /** Expected device time in milliseconds, from the parameters and, where known, the input's megapixels. */
  readonly estimateMs: (params: Readonly<Record<string, Json>>, inputMegapixels: number) => number;
  /** Which input a bypassed node hands on, by output; absent: the first input of the output's type. */
  readonly bypass?: Readonly<Record<string, string>>;
}

export type Catalog = ReadonlyMap<string, NodeType>;
