/** Whether a host name or address always means this machine: `localhost`, 127.0.0.0/8, `::1`. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[|\]$/g, "");
  if (name === "localhost" || name.endsWith(".localhost") || name === "::1") return true;
  const mapped = name.startsWith("::ffff:") ? name.slice("::ffff:".length) : name;
  return /^127(\.\d{1,3}){3}$/.test(mapped);
}
