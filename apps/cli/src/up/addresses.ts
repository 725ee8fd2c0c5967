import type { Settings } from "../env.ts";

/** Where people open Heddle. */
export function urlOf(settings: Settings): string {
  return settings.publicUrl ?? `http://${inUrl(dialableHost(settings.host))}:${settings.port}`;
}

/** An address on which this machine reaches a server that listens on `host`. */
export function dialableHost(host: string): string {
  if (host === "0.0.0.0" || host === "") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

export function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}

/** The lines that say that Heddle is ready, where, and who may use it. */
export function readyLines(settings: Settings, tookMs: number): string[] {
  const lines = [
    "",
    `Heddle is ready at ${urlOf(settings)}  (${(tookMs / 1000).toFixed(1)} s)`,
    `  data in ${settings.dataFolder}; Ctrl-C ends it`,
  ];
  if (!isLoopback(settings.host)) {
    lines.push(
      `  HOST=${settings.host} can be reached from other machines: nobody is the owner there without a key (npx heddle keys create)`,
    );
  }
  return lines;
}
