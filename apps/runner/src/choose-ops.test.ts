import { describe, expect, it } from "vitest";
import { chooseOps } from "./choose-ops.ts";

const ops = ["resize", "upscale", "text-to-image"].map((name) => ({ name, run: async () => ({}) }));
const chosen = (names?: string) => chooseOps(ops, names).map(({ name }) => name);

describe("RUNNER_OPS", () => {
  it("leaves everything when it is not set", () => {
    expect(chosen()).toEqual(["resize", "upscale", "text-to-image"]);
    expect(chosen(" , ")).toHaveLength(3);
  });

  it("names what a runner does, or what it does not", () => {
    expect(chosen("upscale, resize")).toEqual(["resize", "upscale"]);
    expect(chosen("-upscale,-resize")).toEqual(["text-to-image"]);
  });

  it("is refused when it names no op, mixes both ways, or leaves nothing", () => {
    expect(() => chosen("upscal")).toThrow("upscal; it has resize, upscale, text-to-image");
    expect(() => chosen("upscale,-resize")).toThrow("-resize");
    expect(() => chosen("-resize,-upscale,-text-to-image")).toThrow("leaves no op");
  });
});
