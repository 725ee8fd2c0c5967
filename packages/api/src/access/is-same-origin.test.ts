import { describe, expect, it } from "vitest";
import { isSameOrigin } from "./is-same-origin.ts";

const own = { host: "127.0.0.1:3000" };
const trusted: [string, Record<string, string>][] = [
  ["the command line", own],
  ["the address bar", { ...own, "sec-fetch-site": "none" }],
  ["our own page", { ...own, "sec-fetch-site": "same-origin", origin: "http://127.0.0.1:3000" }],
  ["localhost", { host: "localhost:3000", origin: "http://localhost:3000" }],
  ["IPv6 loopback", { host: "[::1]:3000" }],
  [
    "a server that notes the address of its client",
    { ...own, "x-forwarded-for": "::ffff:127.0.0.1" },
  ],
];
const refused: [string, Record<string, string>][] = [
  ["a request without a Host", {}],
  [
    "a foreign name that resolves to us (DNS rebinding)",
    { host: "evil.example:3000", "sec-fetch-site": "same-origin" },
  ],
  ["a foreign name that looks like ours", { host: "127.0.0.1.evil.example" }],
  ["a foreign name after credentials", { host: "localhost@evil.example" }],
  ["another site's page", { ...own, "sec-fetch-site": "cross-site" }],
  ["a page on another port of this machine", { ...own, "sec-fetch-site": "same-site" }],
  [
    "another site's form, from a browser without Sec-Fetch-Site",
    { ...own, origin: "https://evil.example" },
  ],
  [
    "a page on another port, from a browser without Sec-Fetch-Site",
    { ...own, origin: "http://127.0.0.1:8000" },
  ],
  ["a sandboxed page", { ...own, origin: "null" }],
  [
    "a visitor behind a proxy on this machine",
    { ...own, "x-forwarded-for": "203.0.113.7, 127.0.0.1" },
  ],
  ["a visitor behind a proxy that speaks RFC 7239", { ...own, forwarded: "for=203.0.113.7" }],
];

describe("isSameOrigin", () => {
  it.each(trusted)("trusts %s", (_, headers) => {
    expect(isSameOrigin(new Headers(headers))).toBe(true);
  });
  it.each(refused)("does not trust %s", (_, headers) => {
    expect(isSameOrigin(new Headers(headers))).toBe(false);
  });
});
