import { describe, expect, it } from "vitest";
import { migrateDocument, type Migration } from "./migrate-document.ts";

/** Three versions that never were: 1 had `title`, 2 calls it `name`, 3 keeps it in capitals. */
const migrations = new Map<number, Migration>([
  [1, ({ title, ...rest }) => ({ ...rest, name: title })],
  [2, ({ name, ...rest }) => ({ ...rest, name: String(name).toUpperCase() })],
]);

describe("migrateDocument", () => {
  it("D3: applies every step from the document's version on, in order", () => {
    const migrated = migrateDocument({ heddle: 1, title: "x" }, { from: 1, to: 3 }, migrations);
    expect(migrated).toEqual({ heddle: 3, name: "X" });
    const half = migrateDocument({ heddle: 2, name: "x" }, { from: 2, to: 3 }, migrations);
    expect(half).toEqual({ heddle: 3, name: "X" });
  });

  it("D3: leaves the current version alone and knows no other", () => {
    const document = { heddle: 3, name: "x" };
    expect(migrateDocument(document, { from: 3, to: 3 }, migrations)).toBe(document);
    expect(migrateDocument({ heddle: 0 }, { from: 0, to: 3 }, migrations)).toBeNull();
  });
});
