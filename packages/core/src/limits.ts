/** Bounds that keep one request from hurting the others; settings with these defaults, named in the message that enforces them. */
export interface Limits {
  /** nodes in a document */
  readonly nodes: number;
  /** wires in a document */
  readonly edges: number;
  /** items that one mapped node may have */
  readonly fanOut: number;
  /** nesting of the JSON of a document or input */
  readonly jsonDepth: number;
  /** bytes of a document as JSON */
  readonly documentBytes: number;
  /** pixels of one decoded or made image */
  readonly pixels: number;
  /** bytes of one uploaded file */
  readonly uploadBytes: number;
  /** characters of one text value */
  readonly textLength: number;
  /** seconds that a run may take */
  readonly runSeconds: number;
}

export const defaultLimits: Limits = {
  nodes: 5_000,
  edges: 20_000,
  fanOut: 256,
  jsonDepth: 64,
  documentBytes: 8 * 1024 * 1024,
  pixels: 100_000_000,
  uploadBytes: 100 * 1024 * 1024,
  textLength: 100_000,
  runSeconds: 3_600,
};
