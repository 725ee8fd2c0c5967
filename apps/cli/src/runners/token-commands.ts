import type { RunnerToken } from "@heddle/client";
import { connect, type ServerOptions } from "../connect.ts";
import type { Settings } from "../env.ts";
import { printJson, withServer } from "../output.ts";
import { printTable } from "../terminal/print-table.ts";

type Options = ServerOptions & { readonly json: boolean };

/** `heddle runners token create`: prints the token, which cannot be seen again, and how to join with it. */
export async function createTokenCommand(
  settings: Settings,
  options: Options & { readonly name: string; readonly scope: string },
): Promise<void> {
  const { client, server } = connect(settings, options);
  await withServer(server, async () => {
    const { name, scope } = options;
    const made = await client.createRunnerToken({ name, scope });
    if (options.json) return printJson(made);
    console.log(made.token);
    console.error(
      `  runner token "${name}" (${made.id}); it is not shown again. On the other machine:`,
    );
    console.error(`  npx heddle runner --server ${server} --token ${made.token}`);
  });
}

export async function listTokensCommand(settings: Settings, options: Options): Promise<void> {
  const { client, server } = connect(settings, options);
  await withServer(server, async () => {
    const tokens = await client.listRunnerTokens();
    if (options.json) return printJson({ tokens });
    printTable(["id", "name", "token", "scope", "runners", "last used"], tokens.map(toRow));
  });
}

export async function revokeTokenCommand(
  settings: Settings,
  id: string,
  options: Options,
): Promise<void> {
  const { client, server } = connect(settings, options);
  await withServer(server, async () => {
    await client.revokeRunnerToken(id);
    if (options.json) printJson({ id, revoked: true });
    else console.log(`${id} is refused from now on`);
  });
}

function toRow({ id, name, lastFour, scope, runners, lastUsedAt }: RunnerToken): string[] {
  return [id, name, `…${lastFour}`, scope, String(runners), lastUsedAt ?? "never"];
}
