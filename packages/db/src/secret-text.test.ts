import { describe, expect, it } from "vitest";
import { isSecretText, makeSecretText } from "./secret-text.ts";

const prefix = "hdl_live_";
const text = makeSecretText(prefix);

describe("isSecretText", () => {
  it("takes a secret whose checksum is right", () => {
    expect(isSecretText(prefix, text)).toBe(true);
    // As written out once, so that the form never changes under those who hold one.
    expect(isSecretText(prefix, "hdl_live_0123456789ABCDEFGHIJKLMNOPabcd433CjJ")).toBe(true);
  });

  it("refuses every secret with one character changed", () => {
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === "x" ? "y" : "x";
      expect(isSecretText(prefix, text.slice(0, index) + other + text.slice(index + 1))).toBe(
        false,
      );
    }
  });

  it("refuses other text, and a secret of another kind", () => {
    for (const other of ["", prefix, `${text}0`, ` ${text}`, text.toUpperCase()])
      expect(isSecretText(prefix, other)).toBe(false);
    expect(isSecretText("hdl_run_", text)).toBe(false);
  });
});
