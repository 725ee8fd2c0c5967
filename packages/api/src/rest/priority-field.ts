import { z } from "zod";

/** Of a run, in the body that starts it. */
export const priorityField = z
  .number()
  .int()
  .min(-10)
  .max(10)
  .optional()
  .meta({ description: "Higher goes first among the runs of this workspace; 0 when absent" });
