import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const serverFileSchema = z.object({
  pid: z.number().int().positive(),
  /** see `processStart` */
  processStart: z.string(),
  url: z.string(),
});

/** Who serves a data folder, as `heddle up` leaves it in `server.json` while it runs. */
export type ServerFile = z.infer<typeof serverFileSchema>;

export function serverFileOf(dataFolder: string): string {
  return path.join(dataFolder, "server.json");
}

/** Null when nobody serves this folder or the file cannot be read. */
export function readServerFile(dataFolder: string): ServerFile | null {
  try {
    const parsed = serverFileSchema.safeParse(
      JSON.parse(readFileSync(serverFileOf(dataFolder), "utf8")),
    );
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
