import { z } from "zod";

/** Every error of the REST API: problem JSON (RFC 9457) with a stable code and all problems at once. */
export const problemDocumentSchema = z
  .object({
    type: z.string().meta({ description: "`urn:heddle:error:<code>`" }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().meta({ description: "Stable, snake_case" }),
    requestId: z.string(),
    errors: z.array(
      z.object({
        path: z
          .string()
          .meta({ description: "Where in the request, such as `input.image`; empty: all of it" }),
        message: z.string(),
        code: z.string().optional(),
        nodeId: z.string().optional(),
        portId: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "Problem", description: "An error, as problem JSON (RFC 9457)" });
export type ProblemDocument = z.infer<typeof problemDocumentSchema>;
