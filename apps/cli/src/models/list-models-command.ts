import { connect, type ServerOptions } from "../connect.ts";
import type { Settings } from "../env.ts";
import { printJson, withServer } from "../output.ts";
import { printTable } from "../terminal/print-table.ts";

/** `heddle models list`: the models that workflows of a server can use. */
export async function listModelsCommand(
  settings: Settings,
  options: ServerOptions & { readonly json: boolean },
): Promise<void> {
  const { client, server } = connect(settings, options);
  await withServer(server, async () => {
    const models = await client.listModels();
    if (options.json) return printJson({ models });
    printTable(
      ["id", "size", "node types", "sha256"],
      models.map(({ id, sizeBytes, nodeTypes, sha256 }) => [
        id,
        `${(sizeBytes / 1e6).toFixed(1)} MB`,
        nodeTypes.join(", "),
        sha256.slice(0, 12),
      ]),
    );
  });
}
