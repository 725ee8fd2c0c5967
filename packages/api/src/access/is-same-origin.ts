import { isLoopbackHost } from "./loopback.ts";

/**
 * Whether a request comes from this machine's own pages or from no page at all (command line, address bar), so that it may
 * act as the local owner without a key.
 *
 * - `Host` must name loopback: a foreign name that was made to resolve to 127.0.0.1 (DNS rebinding) does not pass.
 * - A browser says with `Sec-Fetch-Site` or `Origin` that another page sent it: those do not pass, reads included.
 *   The rule and its reasons are those of Go's `CrossOriginProtection`.
 * - A forwarding proxy names its client: only loopback passes.
 */
export function isSameOrigin(headers: Headers): boolean {
  const host = headers.get("host");
  if (host === null || !URL.canParse(`http://${host}`)) return false;
  if (!isLoopbackHost(new URL(`http://${host}`).hostname)) return false;
  if (!forwardedForLoopback(headers)) return false;
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  const origin = headers.get("origin");
  return (
    origin === null ||
    (URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host)
  );
}

function forwardedForLoopback(headers: Headers): boolean {
  if (headers.has("forwarded")) return false;
  const addresses = headers.get("x-forwarded-for")?.split(",") ?? [];
  return addresses.every((address) => isLoopbackHost(address.trim()));
}
