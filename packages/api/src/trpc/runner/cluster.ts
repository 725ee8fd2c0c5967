import { readCluster } from "@heddle/db";
import { scopedProcedure } from "../init.ts";

/** What the runners that work for this workspace hold, do and have done in the last minutes, and what waits for them. */
export const cluster = scopedProcedure("read").query(async ({ ctx: { api, workspaceId } }) => {
  const { runners, queues, windowMinutes } = await readCluster(api.database, { workspaceId });
  const now = api.now();
  return {
    windowMinutes,
    runners: runners.map(
      ({ device, ops: _, workspaceId: own, registeredAt, lastSeenAt, ...runner }) => ({
        ...runner,
        own: own !== null,
        device: device.label,
        memoryBytes: device.memoryBytes,
        startedAt: registeredAt.toISOString(),
        silentMs: Math.max(0, now - lastSeenAt.getTime()),
      }),
    ),
    queues: queues.map(({ oldestAt, ...queue }) => ({
      ...queue,
      oldestMs: oldestAt === null ? null : Math.max(0, now - oldestAt.getTime()),
    })),
  };
});
