import { readCluster } from "@heddle/db";
import { scopedProcedure } from "../init.ts";

/** What the runners of this server hold, do and have done in the last minutes, and what waits for them. */
export const cluster = scopedProcedure("read").query(async ({ ctx: { api } }) => {
  const { runners, queues, windowMinutes } = await readCluster(api.database);
  const now = api.now();
  return {
    windowMinutes,
    runners: runners.map(({ device, ops: _, registeredAt, lastSeenAt, ...runner }) => ({
      ...runner,
      device: device.label,
      memoryBytes: device.memoryBytes,
      startedAt: registeredAt.toISOString(),
      silentMs: Math.max(0, now - lastSeenAt.getTime()),
    })),
    queues: queues.map(({ oldestAt, ...queue }) => ({
      ...queue,
      oldestMs: oldestAt === null ? null : Math.max(0, now - oldestAt.getTime()),
    })),
  };
});
