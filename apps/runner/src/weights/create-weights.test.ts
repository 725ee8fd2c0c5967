import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  houseModelFile,
  houseTextToImage,
  houseUpscaler4x,
  textToImageWeights,
  type TextToImagePartName,
} from "@heddle/house-models";
import { Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textToImageNetwork } from "../text-to-image/text-to-image-network.ts";
import { createWeights, type NetworkSpec } from "./create-weights.ts";
import type { Kept } from "./kept.ts";
import type { Network } from "./network-thread.ts";
import type { BudgetEvent } from "./memory-budget.ts";
import { cpuSessionOptions } from "./session-options.ts";

const directory = dirname(
  createRequire(import.meta.url).resolve("@heddle/house-models/package.json"),
);
const { parts } = houseTextToImage;
const files = { model: houseTextToImage, directory, threads: 1 };
const upscalerPath = houseModelFile(directory, houseUpscaler4x);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heddle-weights-"));
});
afterAll(() => rm(folder, { recursive: true }));

function useWeights(limitBytes?: number) {
  const events: BudgetEvent[] = [];
  const weights = createWeights({ limitBytes, onEvent: (event) => events.push(event) });
  const told = () => events.map(({ kind, name, tier }) => `${kind} ${name} ${tier}`);
  return { weights, events, told };
}

function upscalerSpec(path = upscalerPath): NetworkSpec {
  const { sha256, sizeBytes } = houseUpscaler4x.weights;
  const model = { id: houseUpscaler4x.id, sha256 };
  const file = { path, sha256, sizeBytes };
  return {
    model,
    title: "upscaler",
    file,
    options: cpuSessionOptions(1),
    thread: "ends",
    sessionBytes: 30e6,
  };
}

/** All outputs of one run, as one array. */
async function run(
  kept: Kept<Network>,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<number[]> {
  const { value: session, release } = await kept.acquire();
  const outputs = Object.values(await session.run(feeds));
  release();
  return outputs.flatMap(({ data }) => Array.from(data, Number));
}

function filled(...shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return new Tensor(
    "float32",
    Float32Array.from({ length: size }, (_, at) => Math.sin(at)),
    shape,
  );
}

function zeros(...shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return new Tensor("float32", new Float32Array(size), shape);
}

const ids = new Tensor(
  "int64",
  BigInt64Array.from({ length: 32 }, () => 5n),
  [1, 32],
);
/** What each network is given here. */
const feeds = {
  "text-encoder": { ids },
  encoder: { picture: filled(1, 3, 128, 128) },
  decoder: { latent: filled(1, 16, 16, 16) },
};
const painting = ["text-encoder", "encoder", "decoder"] as const;

describe("a network", () => {
  it("is loaded once for all who ask at the same time, from the same file for the same options", async () => {
    const { weights, told } = useWeights();
    const asked = Array.from({ length: 4 }, () => weights.network(upscalerSpec()).acquire());
    const sessions = (await Promise.all(asked)).map(({ value }) => value);
    expect(new Set(sessions).size).toBe(1);
    expect(told()).toEqual(["loaded upscaler-4x.onnx ram", "loaded upscaler-4x.onnx session"]);
  });

  it("computes the same after it was given up and loaded again, from RAM and from the disk", async () => {
    const { weights, told } = useWeights();
    const decoder = textToImageNetwork(weights, files, "decoder");
    const first = await run(decoder, feeds.decoder);
    await decoder.drop();
    expect(await run(decoder, feeds.decoder)).toEqual(first);
    await decoder.drop();
    for (const file of decoder.from) await file.drop();
    expect(weights.totalBytes).toBe(0);
    expect(await run(decoder, feeds.decoder)).toEqual(first);
    const tiers = told().map((line) => line.replace("decoder.onnx ", ""));
    const anew = ["loaded ram", "loaded session"];
    const drops = ["evicted session", "loaded session", "evicted session", "evicted ram"];
    expect(tiers).toEqual([...anew, ...drops, ...anew]);
  });

  it("gives way where there is no room for all, and all compute what they compute where there is", async () => {
    const roomy = useWeights();
    const narrow = useWeights(25_000_000);
    for (const name of [...painting, ...painting]) {
      const expected = await run(textToImageNetwork(roomy.weights, files, name), feeds[name]);
      const found = await run(textToImageNetwork(narrow.weights, files, name), feeds[name]);
      expect(found).toEqual(expected);
      expect(narrow.weights.totalBytes).toBeLessThanOrEqual(25_000_000);
    }
    expect(roomy.told().filter((line) => line.startsWith("evicted"))).toEqual([]);
    expect(narrow.told()).toContain("evicted decoder.onnx session");
  });

  it("whose weights lie in another file is made of the bytes that are there for that one", async () => {
    const { weights, told } = useWeights();
    const denoiser = textToImageNetwork(weights, files, "denoiser");
    (await denoiser.acquire()).release();
    const gradient = textToImageNetwork(weights, files, "lora-gradient");
    const adapter = { lora_a: zeros(9, 2, 1792), lora_b: zeros(9, 2304, 2) };
    const latents = { latent: filled(1, 16, 16, 16), target: filled(1, 16, 16, 16) };
    const guidance = new Tensor("float32", Float32Array.of(3), [1]);
    const rest = { timestep: zeros(1), guidance, text: filled(1, 32, 256) };
    const outputs = await run(gradient, { ...adapter, ...latents, ...rest });
    expect(outputs.every(Number.isFinite)).toBe(true);
    expect(told().filter((line) => line.includes("denoiser.onnx ram"))).toHaveLength(1);
  });
});

describe("a second session of a network", () => {
  it("is another one in another thread, of the same bytes, which the server is told of once", async () => {
    const { weights, told } = useWeights();
    const first = weights.network(upscalerSpec());
    const second = weights.network({ ...upscalerSpec(), thread: "another" });
    const feeds = { [houseUpscaler4x.input]: filled(1, 3, 8, 8) };
    expect(await run(second, feeds)).toEqual(await run(first, feeds));
    expect(told()).toEqual([
      "loaded upscaler-4x.onnx ram",
      "loaded upscaler-4x.onnx session",
      "loaded upscaler-4x.onnx session",
    ]);
    const { sizeBytes } = houseUpscaler4x.weights;
    expect(weights.resident().map((row) => [row.tier, row.sizeBytes])).toEqual([
      ["disk", sizeBytes],
      ["ram", sizeBytes],
      ["session", sizeBytes],
    ]);
  });

  it("has room where nothing has to be given up for it", async () => {
    const { sizeBytes } = houseUpscaler4x.weights;
    for (const [spareBytes, hasRoom] of [
      [0, true],
      [-1, false],
    ] as const) {
      const { weights } = useWeights(sizeBytes + 60e6 + spareBytes);
      const first = weights.network(upscalerSpec());
      const second = weights.network({ ...upscalerSpec(), thread: "another" });
      expect(weights.hasRoomFor([first, second])).toBe(hasRoom);
      (await first.acquire()).release();
      expect(weights.hasRoomFor([first, second])).toBe(hasRoom);
      expect(weights.hasRoomFor([first])).toBe(true);
    }
  });
});

describe("a model that will be wanted", () => {
  it("is loaded once, and is there when it is used", async () => {
    const { weights, told } = useWeights();
    const { sha256 } = upscalerSpec().model;
    const network = weights.network(upscalerSpec());
    weights.network({ ...upscalerSpec(), thread: "another" });
    await weights.prefetch(sha256);
    await weights.prefetch(sha256);
    const loads = ["loaded upscaler-4x.onnx ram", "loaded upscaler-4x.onnx session"];
    expect(told()).toEqual(loads);
    (await network.acquire()).release();
    expect(told()).toEqual(loads);
  });

  it("is not loaded where something would have to be given up for it, nor when nobody knows it", async () => {
    const { weights, told } = useWeights(houseUpscaler4x.weights.sizeBytes);
    weights.network(upscalerSpec());
    await weights.prefetch(upscalerSpec().model.sha256);
    await weights.prefetch("0".repeat(64));
    expect(told()).toEqual([]);
  });
});

describe("damaged weights", () => {
  it("are refused, naming the file and both hashes, and mended ones are taken", async () => {
    const { weights } = useWeights();
    const path = join(folder, "damaged.onnx");
    const bytes = await readFile(upscalerPath);
    await writeFile(
      path,
      bytes.map((byte, at) => (at === 5000 ? byte ^ 1 : byte)),
    );
    const network = weights.network(upscalerSpec(path));
    const { sha256 } = houseUpscaler4x.weights;
    const refusal = new RegExp(
      `upscaler weights in .*damaged\\.onnx are damaged.*${sha256}, found`,
    );
    await expect(network.acquire()).rejects.toThrow(refusal);
    expect(weights.resident()).toEqual([]);
    await writeFile(path, bytes);
    (await network.acquire()).release();
    expect(network.isLoaded).toBe(true);
  });
});

describe("what the server is told", () => {
  it("names the model, and the bytes of it in every tier", async () => {
    const { weights } = useWeights();
    const { sha256 } = textToImageWeights(houseTextToImage);
    const bytesOf = (...names: TextToImagePartName[]) =>
      names.reduce((sum, name) => sum + parts[name].sizeBytes, 0);
    const networks = painting.map((name) => textToImageNetwork(weights, files, name));
    for (const network of networks) (await network.acquire()).release();
    await networks[0]?.drop();
    await networks[1]?.drop();
    for (const file of networks[1]?.from ?? []) await file.drop();
    const row = { modelId: houseTextToImage.id, sha256 };
    expect(weights.resident()).toEqual([
      { ...row, tier: "disk", sizeBytes: bytesOf("text-encoder", "encoder", "decoder") },
      { ...row, tier: "ram", sizeBytes: bytesOf("text-encoder", "decoder") },
      { ...row, tier: "session", sizeBytes: bytesOf("decoder") },
    ]);
    const loads = weights.takeLoads();
    expect(loads).toHaveLength(6);
    expect(loads.every(({ ms }) => ms > 0)).toBe(true);
    expect(weights.takeLoads()).toEqual([]);
  });
});

describe("another kind of value", () => {
  it("is loaded once for its hash, counted as what it takes, and told to the server", async () => {
    const { weights } = useWeights();
    const adapters = weights.values<Float32Array>({ modelId: "lora", sizeOf: (a) => a.byteLength });
    let loads = 0;
    const load = async () => {
      loads += 1;
      return new Float32Array(1000);
    };
    const sha256 = "ab".repeat(32);
    const source = { sha256, sizeBytes: 2000, load };
    const [first, second] = await Promise.all([adapters.acquire(source), adapters.acquire(source)]);
    expect([first.value === second.value, loads, weights.totalBytes]).toEqual([true, 1, 4000]);
    expect(weights.resident()).toEqual([{ modelId: "lora", sha256, sizeBytes: 4000, tier: "ram" }]);
  });

  it("gives way to a network, and to it does the network", async () => {
    const { weights, told } = useWeights(40_000_000);
    const adapters = weights.values<Uint8Array>({ modelId: "lora", sizeOf: (a) => a.byteLength });
    const load = async () => new Uint8Array(35_000_000);
    const source = { sha256: "cd".repeat(32), sizeBytes: 35_000_000, load };
    const upscaler = weights.network(upscalerSpec());
    (await adapters.acquire(source)).release();
    (await upscaler.acquire()).release();
    (await adapters.acquire(source)).release();
    const evicted = told().filter((line) => line.startsWith("evicted"));
    expect(evicted).toContain("evicted cdcdcdcdcdcd ram");
    expect(evicted).toContain("evicted upscaler-4x.onnx session");
  });
});
