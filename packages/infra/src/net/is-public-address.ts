import ipaddr from "ipaddr.js";

/** Whether an IP literal is a public unicast address: not loopback, private, link-local, mapped to one of those, or reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  // ipaddr.js calls the deprecated IPv4-compatible range ::/96 unicast, although it reaches IPv4 hosts on some systems.
  if (
    parsed.kind() === "ipv6" &&
    parsed
      .toByteArray()
      .slice(0, 12)
      .every((byte) => byte === 0)
  )
    return false;
  return parsed.range() === "unicast";
}
