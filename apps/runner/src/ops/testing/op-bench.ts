import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, type ArtifactRef, type Json, type Value } from "@heddle/core";
import { createBlobStore, type BlobStore } from "@heddle/infra";
import sharp from "sharp";
import { afterAll, beforeAll } from "vitest";
import type { Op, OpContext } from "../../op.ts";
import { createImageOps } from "../index.ts";
import { drawPixels, type Pixel } from "./draw-pixels.ts";
import { quietContext } from "./quiet-context.ts";
import { runExample } from "./run-example.ts";

type Params = Record<string, Json>;
type Wires = Record<string, Value>;

type OpCall = [params: Params, inputs: Wires, context?: Partial<OpContext>];

export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  /** Channels of the stored file: 1 grey, 3 colours, 4 with alpha. */
  readonly channels: number;
  /** RGBA of one pixel; throws outside. */
  readonly at: (x: number, y: number) => Pixel;
}

/** Runs ops as a runner does, on a real blob store in a folder of its own. */
export function useOpBench(more: readonly Op[] = []) {
  let directory = "";
  let blobs: BlobStore;
  const ops = new Map([...createImageOps(), ...more].map((op) => [op.name, op]));
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "heddle-ops-"));
    blobs = createBlobStore(`file:${directory}`);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const put = async (bytes: Uint8Array): Promise<ArtifactRef> => {
    const { sha256, sizeBytes } = await blobs.put(bytes);
    return { sha256, sizeBytes, contentType: "image/png" };
  };
  const file = async (bytes: Uint8Array): Promise<Value & { media: "image" }> => {
    return { media: "image", artifact: await put(bytes) };
  };
  const runOp = (op: Op, ...[params, inputs, context = {}]: OpCall): Promise<Wires> =>
    op.run({
      ...quietContext(blobs),
      params,
      inputs,
      ...context,
    });
  const runAll = async (name: string, ...call: OpCall): Promise<Wires> => {
    const op = ops.get(name);
    assert(op !== undefined, `there is an op ${name}`);
    return runOp(op, ...call);
  };
  const run = async (...call: Parameters<typeof runAll>) => {
    const [made, ...others] = Object.values(await runAll(...call));
    assert(made?.media === "image" && others.length === 0, `${call[0]} makes one picture`);
    return made;
  };
  return {
    run,
    /** All outputs, by name. */
    runAll,
    /** One that the bench does not know. */
    runOp,
    file,
    lora: async (bytes: Uint8Array): Promise<Value & { media: "lora" }> => {
      const artifact = { ...(await put(bytes)), contentType: "application/octet-stream" };
      return { media: "lora", artifact };
    },
    /** Runs `examples/<slug>.heddle.json` as it is, or with inputs of its own. */
    example: (slug: string, inputs: Wires = {}) => runExample(slug, { blobs, ops }, inputs),
    /** A picture whose pixels a function gives, as a PNG. */
    draw: (width: number, height: number, pixel: (x: number, y: number) => Pixel) =>
      file(drawPixels(width, height, pixel)),
    bytesOf: ({ artifact }: { artifact: ArtifactRef }) => blobs.read(artifact.sha256),
    decode: async ({ artifact }: { artifact: ArtifactRef }): Promise<DecodedPicture> => {
      const bytes = await blobs.read(artifact.sha256);
      const { channels } = await sharp(bytes).metadata();
      return { ...(await decodeRgba(bytes)), channels };
    },
    list: (pictures: readonly (Value & { media: "image" })[]): Value => ({
      media: "list",
      of: "image",
      items: [...pictures],
    }),
    texts: (...words: string[]): Value => ({
      media: "list",
      of: "text",
      items: words.map((text) => ({ media: "text", text })),
    }),
  };
}

async function decodeRgba(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes)
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const at = (x: number, y: number): Pixel => {
    assert(
      x >= 0 && y >= 0 && x < width && y < height,
      `${x},${y} lies inside ${width} × ${height}`,
    );
    const [r = 0, g = 0, b = 0, a = 0] = data.subarray((y * width + x) * 4);
    return [r, g, b, a];
  };
  return { width, height, at };
}
