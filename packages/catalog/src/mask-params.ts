import { z } from "zod";
import { percentParam } from "./params.ts";

/** The grey band outside the selected range, in percent of the whole range. */
export function maskSoftnessParam(of: "brightness" | "colour") {
  return percentParam(5, {
    label: "Softness",
    help: `How gently the mask fades where the ${of} no longer fits.`,
  });
}

export function maskFeatherParam() {
  return z.number().min(0).max(100).default(0).meta({
    label: "Feather",
    help: "Blurs the edge of the mask.",
    unit: "px",
    step: 0.5,
    widget: "slider",
  });
}

export function maskInvertParam() {
  return z.boolean().default(false).meta({ label: "Invert", help: "Swaps black and white." });
}
