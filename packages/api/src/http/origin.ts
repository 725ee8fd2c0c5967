import type { Api } from "../api.ts";
import { isLoopbackHost } from "../access/loopback.ts";

/** The origin for links in an answer: on this machine the one that was asked (`localhost` or `127.0.0.1`), else the public one. */
export function originOf(api: Api, headers: Headers): string {
  const host = headers.get("host");
  if (host === null || !URL.canParse(`http://${host}`)) return api.publicUrl;
  const url = new URL(`http://${host}`);
  return isLoopbackHost(url.hostname) && !api.publicUrl.startsWith("https:")
    ? url.origin
    : api.publicUrl;
}
