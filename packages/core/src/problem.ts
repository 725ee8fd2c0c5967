/** Stable codes of everything that can be wrong with a document or the inputs of a run. */
export const problemCodes = [
  "document_invalid",
  "document_newer",
  "unknown_type",
  "unknown_port",
  "unknown_node",
  "param_invalid",
  "input_missing",
  "input_unknown",
  "input_invalid",
  "wire_type",
  "wire_duplicate",
  "nested_list",
  "cycle",
  "name_duplicate",
  "name_invalid",
  "target_unknown",
  "no_output",
  "limit",
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/**
 * Something wrong that its author can mend: returned as data, never thrown, all of them at once.
 * `message` says where and what to do, in a sentence a person can act on.
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly nodeId?: string;
  readonly portId?: string;
  /** JSON path inside the document or the input, for callers without a canvas: `nodes.n1.params.width`. */
  readonly path?: string;
}
