import { describe, expect, it } from "vitest";
import { lastWord } from "./last-word.ts";

describe("lastWord", () => {
  it("is the error, not the stack below it nor Node's version", () => {
    const output = [
      "file:///app/main.mjs:10",
      "    throw new Error('no');",
      "          ^",
      "",
      "Error: no such folder",
      "    at start (main.mjs:10:11)",
      "    at async main.mjs:3:1",
      "",
      "Node.js v20.19.0",
    ].join("\n");
    expect(lastWord(output)).toBe("Error: no such folder");
  });

  it("is the message of the last error in a JSON log", () => {
    const output = ['{"level":50,"msg":"the port is taken"}', '{"level":30,"msg":"goodbye"}'].join(
      "\n",
    );
    expect(lastWord(output)).toBe("the port is taken");
  });

  it("is the last line where nothing looks like an error", () => {
    expect(lastWord("one\ntwo\n\n")).toBe("two");
  });

  it("says so when there is nothing", () => {
    expect(lastWord(" \n")).toBe("it gave no reason");
  });
});
