import { describe, expect, it } from "vitest";
import { buildDocument, testImage } from "../testing/build-document.ts";
import { planOf, problemsOf, stepIds, stepOf } from "../testing/compile-with.ts";

describe("compile: what a run brings", () => {
  const document = buildDocument(
    {
      strength: ["input-number", { name: "strength", value: 1, min: 0, max: 2 }],
      photo: ["input-image", { name: "photo" }],
      adj: ["adjust", { brightness: 99 }],
      out: ["output-image"],
    },
    ["photo.value > adj.image", "strength.value > adj.brightness", "adj.image > out.value"],
  );
  const photo = { media: "image" as const, artifact: testImage("3") };

  it("C12: takes the place of the workflow's own values", () => {
    const plan = planOf(document, { inputs: { photo, strength: { media: "number", number: 2 } } });
    expect(stepOf(plan, "strength")?.params["value"]).toBe(2);
    expect(stepOf(plan, "photo")?.params["value"]).toEqual(testImage("3"));
  });

  it("C12: is checked like the form, all at once, by name", () => {
    const inputs = {
      photo: { media: "text" as const, text: "x" },
      strength: { media: "number" as const, number: 5 },
      nope: photo,
    };
    expect(problemsOf(document, { inputs })).toEqual([
      {
        code: "input_unknown",
        message: 'There is no input "nope"; this workflow takes strength, photo',
        path: "input.nope",
      },
      {
        code: "input_invalid",
        message: 'Input "strength" must be between 0 and 2, got 5',
        nodeId: "strength",
        path: "input.strength",
      },
      {
        code: "input_invalid",
        message: 'Input "photo" must be an image, got text',
        nodeId: "photo",
        path: "input.photo",
      },
    ]);
  });

  it("C12: an input without a value is in the way of a run, not of editing, and only where it is needed", () => {
    expect(problemsOf(document)).toEqual([
      {
        code: "input_missing",
        message: 'Input "photo" needs a value: give an image',
        nodeId: "photo",
        path: "input.photo",
      },
    ]);
    expect(planOf(document, { requireInputs: false }).steps).toHaveLength(4);
    expect(stepIds(planOf(document, { targets: ["strength"] }))).toEqual(["strength"]);
  });

  it("C13: what stands behind a wire is of no account", () => {
    const plan = planOf(document, { inputs: { photo } });
    expect(stepOf(plan, "adj")?.params).toEqual({ brightness: 1, contrast: 1 });
    const required = buildDocument(
      { t: ["input-text", { value: "x" }], g: ["generate", { prompt: "" }], o: ["output-image"] },
      ["t.value > g.prompt", "g.image > o.value"],
    );
    expect(stepOf(planOf(required), "g")?.params).toEqual({ seed: 0 });
  });

  it("C15: draws a random seed once per node, keeps it in the plan, and takes the run's own instead", () => {
    const seeds = buildDocument(
      {
        s1: ["seed", { mode: "random", name: "a" }],
        s2: ["seed", { mode: "random", name: "b" }],
        s3: ["seed", { mode: "fixed", value: 5, name: "c" }],
        o1: ["output-any", { name: "one" }],
        o2: ["output-any", { name: "two" }],
        o3: ["output-any", { name: "three" }],
      },
      ["s1.seed > o1.value", "s2.seed > o2.value", "s3.seed > o3.value"],
    );
    const drawn: string[] = [];
    const randomSeed = (id: string) => drawn.push(id) + 100;
    const plan = planOf(seeds, { randomSeed, inputs: { b: { media: "number", number: 5 } } });
    expect(drawn).toEqual(["s1"]);
    expect(stepOf(plan, "s1")?.params).toMatchObject({ value: 101, mode: "fixed" });
    expect(plan.nodeSteps["s2"]).toBe(plan.nodeSteps["s3"]);
  });
});
