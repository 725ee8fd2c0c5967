import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { storeAsIs, type Api } from "@heddle/api";
import { ensureLocalWorkspace } from "@heddle/db";

const retryMs = 1_000;
const retries = 300;

/** Makes the owner's workspace and stores the pictures that templates name. Tries until the database is there. */
export async function seed(api: Api, pictures: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt <= retries; attempt += 1) {
    try {
      const { id } = await ensureLocalWorkspace(api.database);
      for (const file of pictures) await storeAsIs(api, id, await readFile(file));
      return;
    } catch (error) {
      api.log.warn({ err: error }, "the first data cannot be written yet; trying again");
      await wait(retryMs);
    }
  }
}
