import { z } from "zod";
import { findVersion } from "../../workflows/find-version.ts";
import { describeShared } from "../../workflows/shared-workflow.ts";
import { publicProcedure } from "../init.ts";

/** What a share page shows. `name` may carry a version: `portrait@3`. `canRun`: this visitor may run it without a key. */
export const get = publicProcedure
  .input(z.object({ owner: z.string().max(64), name: z.string().max(80) }))
  .query(async ({ ctx: { api, caller }, input: { owner, name } }) => {
    const shared = await describeShared(api, await findVersion(api, owner, name));
    return { ...shared, canRun: caller.kind !== "anonymous" };
  });
