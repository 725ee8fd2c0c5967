import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { houseTextToImage, textToImagePartFile } from "@heddle/house-models";
import { afterAll, describe, expect, it } from "vitest";
import { BatchProfile } from "../engine/batch-profile.ts";
import { createWeights } from "../weights/create-weights.ts";
import { createHousePainter } from "./create-house-painter.ts";
import { createPainter } from "./create-painter.ts";
import { paint } from "./paint.ts";
import { profileKey } from "./profile-key.ts";
import type { PaintingRequest, PaintingStart, RgbPixels } from "./painting.ts";
import {
  readReferenceMask,
  readReferencePixels,
  reference,
  type ReferenceCase,
} from "./testing/reference.ts";

const painter = createHousePainter(1);
afterAll(() => painter.close());

const quick: PaintingRequest = {
  prompt: "a red boat at sea",
  seed: 1,
  steps: 4,
  guidance: 3,
  start: { kind: "noise" },
  adapters: [],
};

async function startOf({ picture, mask, strength }: ReferenceCase): Promise<PaintingStart> {
  if (picture === undefined) return { kind: "noise" };
  const pixels = await readReferencePixels(picture);
  if (mask === undefined) return { kind: "picture", pixels, strength: strength ?? 1 };
  return { kind: "inpaint", pixels, mask: await readReferenceMask(mask) };
}

function largestDifference(first: RgbPixels, second: RgbPixels): number {
  expect(first).toHaveLength(second.length);
  return first.reduce((most, value, at) => Math.max(most, Math.abs(value - (second[at] ?? 0))), 0);
}

describe("a painting", () => {
  it("is compared with what these very weights made in Python", () => {
    const parts = Object.entries(houseTextToImage.parts).map(([name, part]) => [name, part.sha256]);
    expect(Object.fromEntries(parts)).toMatchObject(reference.parts);
  });

  it.each(reference.cases)("is that of the reference, to 2 of 255: $name", async (known) => {
    const { prompt, seed, steps, guidance } = known;
    const made = await paint(painter, {
      prompt,
      seed,
      steps,
      guidance,
      start: await startOf(known),
      adapters: [],
    });
    const expected = await readReferencePixels(known.name);
    expect(largestDifference(made, expected)).toBeLessThanOrEqual(2);
  });

  it("has the same bytes from the same request, and others from another seed", async () => {
    const first = await paint(painter, quick);
    expect(await paint(painter, quick)).toEqual(first);
    expect(largestDifference(await paint(painter, { ...quick, seed: 2 }), first)).toBeGreaterThan(
      20,
    );
  });

  it("keeps what the mask keeps, byte for byte", async () => {
    const pixels = await readReferencePixels("boat");
    const mask = await readReferenceMask("mask");
    const made = await paint(painter, { ...quick, start: { kind: "inpaint", pixels, mask } });
    const kept = (picture: RgbPixels) =>
      [...picture].filter((_, at) => mask[Math.floor(at / 3)] === 0);
    expect(kept(made)).toEqual(kept(pixels));
    expect(kept(made).length).toBeGreaterThan(pixels.length / 2);
    expect(largestDifference(made, pixels)).toBeGreaterThan(20);
  });

  it("stays near the picture it starts from, the nearer the less is given up", async () => {
    const pixels = await readReferencePixels("windmill");
    const differences = [];
    for (const strength of [0.1, 0.5, 1]) {
      const start = { kind: "picture", pixels, strength } as const;
      const made = await paint(painter, { ...quick, start });
      differences.push(
        made.reduce((sum, value, at) => sum + Math.abs(value - (pixels[at] ?? 0)), 0),
      );
    }
    expect(differences).toEqual(differences.toSorted((a, b) => a - b));
    expect((differences[0] ?? 0) / pixels.length).toBeLessThan(8);
  });

  it("is the same alone and among others at other steps, to 1 of 255", async () => {
    const alone = await paint(painter, quick);
    const early = await painter.prepare({ ...quick, prompt: "a castle", seed: 9, steps: 7 });
    await painter.step([early]);
    await painter.step([early]);
    const joined = await painter.prepare(quick);
    for (let step = 0; step < 4; step += 1) await painter.step([early, joined]);
    expect(largestDifference(await painter.finish(joined), alone)).toBeLessThanOrEqual(1);
    await expect(painter.finish(early)).rejects.toThrow("no step is left");
  });
});

describe("pictures that are painted side by side", () => {
  it("open the lanes when somebody needs them, and are what they are alone, byte for byte", async () => {
    const profile = new BatchProfile();
    await profile.keep(profileKey(houseTextToImage, 2), [
      { rows: 1, ms: 50 },
      { rows: 2, ms: 70 },
    ]);
    const weights = createWeights();
    const own = createHousePainter(2, weights, profile);
    const requests = [1, 2, 3, 4].map((seed) => ({ ...quick, seed, steps: 3 + seed }));
    const alone: RgbPixels[] = [];
    for (const request of requests) alone.push(await paint(own, request));
    // Some of their steps are taken while the lanes are opened, the others in them.
    expect(await Promise.all(requests.map((request) => paint(own, request)))).toEqual(alone);
    expect(await Promise.all(requests.map((request) => paint(own, request)))).toEqual(alone);
    const sessions = weights.takeLoads().filter(({ tier }) => tier === "session");
    expect(sessions).toHaveLength(5);
    await own.close();
  });
});

describe("the loop", () => {
  it("says how many steps are done, and stops within one step when it is aborted", async () => {
    const abort = new AbortController();
    const steps: string[] = [];
    const onProgress = (done: number, total: number) => {
      steps.push(`${done}/${total}`);
      if (done === 2) abort.abort();
    };
    const running = paint(painter, quick, { onProgress, signal: abort.signal });
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    expect(steps).toEqual(["1/4", "2/4"]);
  });
});

describe("the weights", () => {
  it("are loaded once, and again after they were freed", async () => {
    const own = createHousePainter(1);
    expect(await own.load("noise")).toBeGreaterThan(5);
    expect(await own.load("noise")).toBeLessThan(5);
    await own.close();
    expect(await own.load("noise")).toBeGreaterThan(5);
    await own.close();
  });

  it("are refused when they are damaged or missing, naming the file, and looked for again", async () => {
    const houseModels = createRequire(import.meta.url).resolve("@heddle/house-models/package.json");
    const directory = await mkdtemp(join(tmpdir(), "heddle-painter-"));
    const own = createPainter({ model: houseTextToImage, directory, threads: 1 });
    await expect(own.load("noise")).rejects.toThrow(/cannot be read from .*text-encoder\.onnx/);
    await mkdir(join(directory, "weights", "text-to-image"), { recursive: true });
    for (const part of Object.values(houseTextToImage.parts)) {
      const bytes = await readFile(textToImagePartFile(dirname(houseModels), part));
      if (part.file === "decoder.onnx") bytes[1000] = (bytes[1000] ?? 0) ^ 1;
      await writeFile(textToImagePartFile(directory, part), bytes);
    }
    await expect(own.load("noise")).rejects.toThrow(
      new RegExp(`decoder\\.onnx are damaged.*${houseTextToImage.parts.decoder.sha256}`),
    );
    await own.close();
    await rm(directory, { recursive: true });
  });
});
