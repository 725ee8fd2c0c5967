import type { ApiKey } from "@heddle/client";
import { connect, type ServerOptions } from "../connect.ts";
import type { Settings } from "../env.ts";
import { printJson, withServer } from "../output.ts";
import { printTable } from "../terminal/print-table.ts";

type Options = ServerOptions & { readonly json: boolean };

/** `heddle keys create`: prints the key, which cannot be seen again. */
export async function createKeyCommand(
  settings: Settings,
  options: Options & { readonly name: string; readonly scopes?: string },
): Promise<void> {
  const { client, server } = connect(settings, options);
  await withServer(server, async () => {
    const scopes = options.scopes?.split(",").map((scope) => scope.trim());
    const made = await client.createKey({ name: options.name, ...(scopes && { scopes }) });
    if (options.json) return printJson(made);
    console.log(made.key);
    console.error(`  key "${options.name}" (${made.id}); it is not shown again`);
  });
}

export async function listKeysCommand(settings: Settings, options: Options): Promise<void> {
  const { client, server } = connect(settings, options);
  await withServer(server, async () => {
    const keys = await client.listKeys();
    if (options.json) return printJson({ keys });
    printTable(["id", "name", "key", "scopes", "last used"], keys.map(toRow));
  });
}

export async function revokeKeyCommand(
  settings: Settings,
  id: string,
  options: Options,
): Promise<void> {
  const { client, server } = connect(settings, options);
  await withServer(server, async () => {
    await client.revokeKey(id);
    if (options.json) printJson({ id, revoked: true });
    else console.log(`${id} is refused from now on`);
  });
}

function toRow({ id, name, lastFour, scopes, lastUsedAt }: ApiKey): string[] {
  return [id, name, `…${lastFour}`, scopes.join(","), lastUsedAt ?? "never"];
}
