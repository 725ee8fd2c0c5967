import { z } from "zod";
import { walkJson } from "./walk-json.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON as it is stored: finite numbers only, since NaN and the infinities have no JSON form. Any depth. */
export const jsonSchema: z.ZodType<Json> = z.custom<Json>(isJson, "must be JSON");

function isJson(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isLeaf(value);
  for (const visit of walkJson(value)) {
    const inside = typeof visit.value === "object" && visit.value !== null;
    if (!inside && !isLeaf(visit.value)) return false;
    if (visit.key === "__proto__") return false;
  }
  return true;
}

function isLeaf(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}
