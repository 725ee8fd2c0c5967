import { describeRunners } from "../../wire/runner.ts";
import { scopedProcedure } from "../init.ts";

/** The runners that this server knows, and whether each is there. */
export const list = scopedProcedure("read").query(({ ctx: { api } }) => describeRunners(api));
