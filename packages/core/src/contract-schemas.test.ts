// oxlint-disable-next-line eslint/no-restricted-imports -- the files that this test compares with
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contractFiles } from "./contract-schemas.ts";

const folder = new URL("../contract/", import.meta.url);

describe("contract/", () => {
  it("is what the protocol's schemas give: `npm run contract -w packages/core` writes it anew", () => {
    const stored = readdirSync(folder).map((name) => [
      name,
      readFileSync(new URL(name, folder), "utf8"),
    ]);
    expect(Object.fromEntries(stored)).toEqual(contractFiles());
  });
});
