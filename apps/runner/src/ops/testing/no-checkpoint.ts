import type { Checkpoint } from "../../op.ts";

/** For work that begins at the beginning and is not interrupted. */
export const noCheckpoint: Checkpoint = {
  read: async () => null,
  write: async () => {},
  remove: async () => {},
};
