import { describe, expect, it } from "vitest";
import { apiKeyChecksum, isApiKey } from "./api-key.ts";

const secret = "0123456789ABCDEFGHIJKLMNOPabcd";
const key = `hdl_live_${secret}${apiKeyChecksum(secret)}`;

describe("isApiKey", () => {
  it("takes a key whose checksum is right", () => {
    expect(isApiKey(key)).toBe(true);
  });

  it("refuses every key with one character changed", () => {
    for (let index = 0; index < key.length; index += 1) {
      const other = key[index] === "x" ? "y" : "x";
      expect(isApiKey(key.slice(0, index) + other + key.slice(index + 1))).toBe(false);
    }
  });

  it("refuses other text", () => {
    for (const text of ["", "hdl_live_", `${key}0`, ` ${key}`, key.toUpperCase()])
      expect(isApiKey(text)).toBe(false);
  });
});
