import { artifactRefSchema, defaultLimits, type MediaType } from "@heddle/core";
import { z } from "zod";

/** What forms, links and the API call an input or an output. */
export function nameParam(name: string) {
  return z
    .string()
    .regex(
      /^[a-z][a-z0-9_]{0,63}$/,
      "must start with a lower-case letter and hold only a–z, 0–9 and _, 64 at most",
    )
    .default(name)
    .meta({
      label: "Name",
      help: "What the API calls it. Each input and each output of a workflow has its own name, for example sky_colour.",
      wirable: false,
    });
}

/** How an input looks in forms; empty: its name. */
export function labelParam() {
  return z.string().max(120).default("").meta({
    label: "Label",
    help: "Shown above the field in forms. Empty: the name.",
    wirable: false,
    advanced: true,
  });
}

export function helpParam() {
  return z.string().max(1_000).default("").meta({
    label: "Help",
    help: "One sentence under the field in forms.",
    wirable: false,
    advanced: true,
  });
}

export function placeholderParam() {
  return z.string().max(200).default("").meta({
    label: "Placeholder",
    help: "Shown in the empty field.",
    wirable: false,
    advanced: true,
  });
}

/** Whether a run with an empty field is refused. */
export function requiredParam() {
  return z.boolean().default(false).meta({ label: "Must be filled in", advanced: true });
}

/** One stored file, or null until somebody chooses one. */
export function fileParam(media: MediaType, label: string) {
  return artifactRefSchema.nullable().default(null).meta({
    label,
    help: "Used when a run brings none of its own.",
    widget: "file",
    file: media,
    wirable: false,
  });
}

/** A list of stored files. */
export function filesParam(media: MediaType, label: string) {
  return z.array(artifactRefSchema).max(defaultLimits.fanOut).default([]).meta({
    label,
    help: "Used when a run brings none of its own.",
    widget: "files",
    file: media,
    wirable: false,
  });
}

interface ColourMeta {
  readonly label: string;
  readonly help?: string;
  readonly advanced?: boolean;
}

/** `#rrggbb` or `#rrggbbaa`, as in CSS. */
export function colourParam(colour: string, meta: ColourMeta) {
  return z
    .string()
    .regex(
      /^#([0-9a-f]{6}|[0-9a-f]{8})$/i,
      "must be a colour such as #1a6cb0, or #1a6cb080 when half transparent",
    )
    .default(colour)
    .meta({ ...meta, widget: "colour" });
}

/** The longest side that a picture may have, pixels. */
export const maxSide = 16_384;

interface NumberMeta {
  readonly label: string;
  readonly help?: string;
  readonly pinned?: boolean;
  readonly advanced?: boolean;
}

/** A length in whole pixels, 1–16384. */
export function sideParam(pixels: number, meta: NumberMeta) {
  return z
    .int()
    .min(1)
    .max(maxSide)
    .default(pixels)
    .meta({ ...meta, unit: "px" });
}

/** −100 to 100, 0 changes nothing. */
export function signedPercentParam(meta: NumberMeta) {
  return z
    .number()
    .min(-100)
    .max(100)
    .default(0)
    .meta({ ...meta, unit: "%", step: 1, widget: "slider" });
}

/** 0 to 100. */
export function percentParam(percent: number, meta: NumberMeta) {
  return z
    .number()
    .min(0)
    .max(100)
    .default(percent)
    .meta({ ...meta, unit: "%", step: 1, widget: "slider" });
}

export const anchors = [
  "centre",
  "top",
  "bottom",
  "left",
  "right",
  "top-left",
  "top-right",
  "bottom-left",
  "bottom-right",
] as const;
export type Anchor = (typeof anchors)[number];

/** Labels of the nine places, by value. */
export const anchorLabels = {
  centre: "Centre",
  top: "Top",
  bottom: "Bottom",
  left: "Left",
  right: "Right",
  "top-left": "Top left",
  "top-right": "Top right",
  "bottom-left": "Bottom left",
  "bottom-right": "Bottom right",
} as const satisfies Record<Anchor, string>;

/** A stretch of text that a person types; line breaks allowed. */
export function longText(maxLength: number = defaultLimits.textLength) {
  return z.string().max(maxLength);
}
