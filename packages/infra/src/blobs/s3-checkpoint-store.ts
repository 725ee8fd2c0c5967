import {
  checkpointKeptMs,
  checkpointName,
  packCheckpoint,
  unpackCheckpoint,
} from "./checkpoint-format.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import type { S3Bucket } from "./s3-bucket.ts";

const folder = "checkpoints/";

/** Checkpoints as objects `checkpoints/<name>` of a bucket; S3 shows the one before or this one, never a mixture. */
export function createS3CheckpointStore(bucket: S3Bucket): CheckpointStore {
  const keyOf = (key: string) => `${folder}${checkpointName(key)}`;
  return {
    read: async (key) => {
      const response = await bucket.get(keyOf(key));
      return response === null ? null : unpackCheckpoint(Buffer.from(await response.arrayBuffer()));
    },
    write: async (key, state) => {
      await removeForgotten(bucket);
      await bucket.put(keyOf(key), Buffer.concat(packCheckpoint(state)));
    },
    remove: (key) => bucket.delete(keyOf(key)),
  };
}

async function removeForgotten(bucket: S3Bucket): Promise<void> {
  for await (const { key, putAt } of bucket.list(folder)) {
    if (Date.now() - putAt.getTime() > checkpointKeptMs) await bucket.delete(key);
  }
}
