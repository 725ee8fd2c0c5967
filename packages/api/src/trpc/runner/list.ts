import { describeRunners } from "../../wire/runner.ts";
import { scopedProcedure } from "../init.ts";

/** The runners that work for this workspace, and whether each is there. */
export const list = scopedProcedure("read").query(({ ctx: { api, workspaceId } }) =>
  describeRunners(api, { workspaceId }),
);
