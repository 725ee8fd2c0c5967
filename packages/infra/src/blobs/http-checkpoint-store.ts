import type { CheckpointStore } from "./checkpoint-store.ts";
import { askHttpStore, type HttpStoreOptions } from "./http-store.ts";

/** The checkpoints of a server that a runner on another machine works for, over HTTP; of the tasks that it holds. */
export function createHttpCheckpointStore(options: HttpStoreOptions): CheckpointStore {
  const pathOf = (key: string) => `checkpoints/${key}`;
  const done = async (response: Response) => {
    await response.body?.cancel();
  };
  return {
    read: (key) =>
      askHttpStore(
        options,
        { path: pathOf(key) },
        async (response) => new Uint8Array(await response.arrayBuffer()),
      ),
    write: async (key, state) => {
      const body = new Uint8Array(state);
      await askHttpStore(options, { path: pathOf(key), method: "PUT", body }, done);
    },
    remove: async (key) => {
      await askHttpStore(options, { path: pathOf(key), method: "DELETE" }, done);
    },
  };
}
