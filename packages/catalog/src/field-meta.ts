import type { MediaType, PortType, Widget } from "@heddle/core";

/** What `.meta()` may say about a parameter or a port, besides what its zod schema already tells (range, default, options). */
export interface FieldMeta {
  /** Shown beside the control; every field has one. */
  readonly label?: string;
  readonly help?: string;
  /** `px`, `%`, `°`, `×` */
  readonly unit?: string;
  readonly step?: number;
  readonly widget?: Widget;
  readonly pinned?: boolean;
  readonly advanced?: boolean;
  readonly placeholder?: string;
  /** false: never a port. */
  readonly wirable?: boolean;
  /** Labels of an enum's options, by value. */
  readonly options?: Readonly<Record<string, string>>;
  /** A media port; set by the helpers of `ports.ts`. */
  readonly port?: PortType;
  /** The parameter holds stored files of this type; set by the helpers of `params.ts`. */
  readonly file?: MediaType;
}

declare module "zod" {
  interface GlobalMeta extends FieldMeta {}
}
