import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checkout, freePort, HeddleProcess, temporaryFolder } from "../support/heddle-process.ts";
import { processesWith } from "../support/processes.ts";

const isRoot = process.getuid?.() === 0;
const trash: (() => void)[] = [];
let heddle: HeddleProcess | undefined;

afterEach(async () => {
  await heddle?.stop();
  heddle = undefined;
  while (trash.length > 0) trash.pop()?.();
});

function folder(prefix: string, parent?: string): string {
  const made = temporaryFolder(prefix, parent);
  trash.push(made.dispose);
  return made.path;
}

/** This checkout with all that is installed and built, elsewhere: hard links where that is possible. */
function copyCheckout(to: string): void {
  const parts = execFileSync("git", ["ls-files", "-z"], { cwd: checkout, encoding: "utf8" }).split(
    "\0",
  );
  const tops = new Set(parts.filter(Boolean).map((file) => file.split("/")[0] ?? ""));
  for (const name of [...tops, "node_modules"]) {
    const source = path.join(checkout, name);
    if (!existsSync(source)) continue;
    try {
      execFileSync("cp", ["-al", source, to], { stdio: "ignore" });
    } catch {
      execFileSync("cp", ["-a", source, to]);
    }
  }
}

async function startIn(
  place: string,
  options: Partial<ConstructorParameters<typeof HeddleProcess>[0]> = {},
): Promise<HeddleProcess> {
  heddle = new HeddleProcess({
    checkout: place,
    dataFolder: path.join(place, ".heddle"),
    port: await freePort(),
    ...options,
  });
  await heddle.untilHealthy(240_000);
  return heddle;
}

describe.runIf(isRoot)("as root", () => {
  it("serves from a checkout under a folder of mode 700: the database moves out, and stays", async () => {
    const closed = folder("heddle-closed-", "/root");
    chmodSync(closed, 0o700);
    const place = path.join(closed, "heddle");
    mkdirSync(place);
    copyCheckout(place);
    const first = await startIn(place);
    expect(first.output).toContain("/var/lib/heddle/");
    const { cluster } = JSON.parse(
      readFileSync(path.join(place, ".heddle/database.json"), "utf8"),
    ) as { cluster: string };
    expect(existsSync(cluster)).toBe(true);
    await first.stop();
    const second = await startIn(place);
    expect(second.output).not.toContain("/var/lib/heddle/");
    await second.stop();
  });
});

describe.runIf(isRoot && canRunAsNobody())("as an ordinary user", () => {
  let place: string;
  let user: { uid: number; gid: number };
  let dispose: () => void;

  beforeAll(() => {
    const made = temporaryFolder("heddle-user-");
    place = made.path;
    dispose = made.dispose;
    chmodSync(place, 0o755);
    copyCheckout(place);
    const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
    user = { uid: id("-u"), gid: id("-g") };
  });
  afterAll(() => dispose());

  it("serves with everything in its data folder", async () => {
    const dataFolder = folder("heddle-user-data-");
    chownSync(dataFolder, user.uid, user.gid);
    const running = await startIn(place, { dataFolder, user, env: { HOME: dataFolder } });
    expect(existsSync(path.join(dataFolder, "database/cluster/PG_VERSION"))).toBe(true);
    expect(await running.stop()).toBe(0);
    expect(processesWith(dataFolder)).toEqual([]);
  });

  it("says in one line that the data folder cannot be written", async () => {
    const dataFolder = folder("heddle-closed-data-");
    const refused = new HeddleProcess({
      checkout: place,
      dataFolder,
      user,
      port: await freePort(),
    });
    expect(await refused.untilExit()).toBe(1);
    expect(refused.output).toMatch(/^heddle: no permission to write to the data folder .*\n$/);
  });

  it("says in one line that the checkout cannot be built", async () => {
    rmSync(path.join(place, "apps/web/.next"), { recursive: true });
    const dataFolder = folder("heddle-unbuilt-data-");
    const refused = new HeddleProcess({
      checkout: place,
      dataFolder,
      user,
      port: await freePort(),
    });
    expect(await refused.untilExit()).toBe(1);
    expect(refused.output).toMatch(/^heddle: no permission to write to the checkout .*\n$/);
  });
});

/** Node itself may lie in a folder that only root can enter. */
function canRunAsNobody(): boolean {
  try {
    const uid = Number(execFileSync("id", ["-u", "nobody"], { encoding: "utf8" }));
    execFileSync(process.execPath, ["--version"], { uid, gid: uid, cwd: "/", stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
