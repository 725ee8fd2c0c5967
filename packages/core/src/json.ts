import { z } from "zod";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON as it is stored: finite numbers only, since NaN and the infinities have no JSON form. */
export const jsonSchema: z.ZodType<Json> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(jsonSchema),
    z.record(z.string(), jsonSchema),
  ]),
);
