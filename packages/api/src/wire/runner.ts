import { listRunners } from "@heddle/db";
import { z } from "zod";
import type { Api } from "../api.ts";

export const runnerSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    /** What it computes on: `CPU, 8 cores`. */
    device: z.string(),
    state: z.enum(["idle", "busy", "lost"]),
    slots: z.number().int(),
    lastSeenAt: z.string().meta({ format: "date-time" }),
  })
  .meta({ id: "Runner" });
export type RunnerResult = z.infer<typeof runnerSchema>;

/** Runners of this server (all of them, or those that work for one workspace), with whether each is there. */
export async function describeRunners(
  api: Api,
  of: { readonly workspaceId?: string } = {},
): Promise<RunnerResult[]> {
  const runners = await listRunners(api.database, of);
  return runners.map(({ id, name, device, slots, state, lastSeenAt }) => ({
    id,
    name,
    device: device.label,
    state,
    slots,
    lastSeenAt: lastSeenAt.toISOString(),
  }));
}
