import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallDisk {
  readonly directory: string;
  unmount(): void;
}

/** A disk of its own with so many bytes. Null: this user may not mount one, and what needs it is skipped. */
export function mountSmallDisk(sizeBytes: number): SmallDisk | null {
  const directory = mkdtempSync(join(tmpdir(), "heddle-disk-"));
  const size = `size=${sizeBytes}`;
  if (spawnSync("mount", ["-t", "tmpfs", "-o", size, "tmpfs", directory]).status !== 0) {
    rmSync(directory, { recursive: true });
    return null;
  }
  return {
    directory,
    unmount: () => {
      spawnSync("umount", [directory]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
