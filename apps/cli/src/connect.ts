import { createClient, type Client, type HeddleError } from "@heddle/client";
import type { Settings } from "./env.ts";
import { Fatal } from "./fatal.ts";
import { readLocalKey } from "./local-key.ts";
import { readServerFile } from "./server-file.ts";

export interface ServerOptions {
  readonly server?: string | undefined;
  readonly key?: string | undefined;
}

export interface Connection {
  readonly client: Client;
  readonly server: string;
}

/**
 * A client of the server that the options name, else the environment, else the one that `heddle up` runs on this
 * machine. The key of this machine goes to that last one only.
 */
export function connect(settings: Settings, options: ServerOptions): Connection {
  const named = options.server ?? settings.server;
  if (named !== undefined && !URL.canParse(named))
    throw new Fatal(`--server ${named} is not a URL`);
  const own = readServerFile(settings.dataFolder)?.url ?? `http://127.0.0.1:${settings.port}`;
  const server = new URL(named ?? own).origin;
  const isOwn = server === new URL(own).origin;
  const key = options.key ?? settings.key ?? (isOwn ? readLocalKey(settings.dataFolder) : null);
  return { server, client: createClient({ server, ...(key !== null && { key }) }) };
}

/** The lines that say what went wrong with a call. */
export function describeFailure(error: HeddleError, server: string): string[] {
  if (error.code === "unreachable") {
    return [
      `no Heddle answers at ${server}; start it with \`npm start\`, or name another one with --server`,
    ];
  }
  if (error.status === 401) return [`${error.message} (--key KEY, or HEDDLE_KEY)`];
  if (error.problems.length === 0) return [error.message];
  // Each names its place itself.
  return error.problems.map(({ message }) => message);
}
