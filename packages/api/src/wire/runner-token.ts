import type { RunnerTokenView } from "@heddle/db";
import { z } from "zod";

const scopeSchema = z.enum(["workspace", "cluster"]);

export const runnerTokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    lastFour: z.string(),
    scope: scopeSchema.meta({
      description: "`workspace`: its runners take steps of this workspace only; `cluster`: of all",
    }),
    createdAt: z.string().meta({ format: "date-time" }),
    lastUsedAt: z.string().nullable().meta({ format: "date-time" }),
    runners: z.number().int().meta({ description: "Connected with it now" }),
  })
  .meta({ id: "RunnerToken", description: "A runner token, without its secret" });
export type RunnerTokenResult = z.infer<typeof runnerTokenSchema>;

export const createRunnerTokenBody = z
  .strictObject({
    name: z.string().trim().min(1).max(80),
    scope: scopeSchema.default("workspace"),
  })
  .meta({ id: "CreateRunnerTokenBody" });
export type CreateRunnerTokenBody = z.infer<typeof createRunnerTokenBody>;

export const createdRunnerTokenSchema = z
  .object({
    id: z.string(),
    token: z.string().meta({ description: "The token itself; it is shown this once" }),
    lastFour: z.string(),
  })
  .meta({ id: "CreatedRunnerToken" });

export function toRunnerTokenResult(view: RunnerTokenView): RunnerTokenResult {
  const { id, name, lastFour, workspaceId, createdAt, lastUsedAt, runners } = view;
  return {
    id,
    name,
    lastFour,
    scope: workspaceId === null ? "cluster" : "workspace",
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    runners,
  };
}
