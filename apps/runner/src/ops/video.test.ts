import { catalog, models } from "@heddle/catalog";
import { assert, type Value } from "@heddle/core";
import { houseImageToVideo, imageToVideoWeights } from "@heddle/house-models";
import { createBlobStore } from "@heddle/infra";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { createHouseFilmer } from "../image-to-video/create-house-filmer.ts";
import type { Op, OpContext } from "../op.ts";
import { framesToVideoOp, playOrder } from "./frames-to-video.ts";
import { createImageToVideoOp } from "./image-to-video.ts";
import { joinVideosOp } from "./join-videos.ts";
import { quietContext } from "./testing/quiet-context.ts";
import { trimVideoOp } from "./trim-video.ts";
import { videoToFramesOp } from "./video-to-frames.ts";

const filmer = createHouseFilmer(1);
const directory = await mkdtemp(join(tmpdir(), "heddle-video-"));
const blobs = createBlobStore(`file:${directory}`);
afterAll(async () => {
  await filmer.close();
  await rm(directory, { recursive: true });
});

async function picture(width: number, height: number, shade: number): Promise<Value> {
  const background = { r: shade, g: 80, b: 40 };
  const png = await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
  const { sha256, sizeBytes } = await blobs.put(png);
  return { media: "image", artifact: { sha256, sizeBytes, contentType: "image/png" } };
}

async function run(op: Op, params: OpContext["params"], inputs: OpContext["inputs"]) {
  return op.run({ ...quietContext(blobs), params, inputs });
}

async function listOf(...pictures: Promise<Value>[]): Promise<Value> {
  const items = await Promise.all(pictures);
  return {
    media: "list",
    of: "image",
    items: items.flatMap((item) => (item.media === "list" ? [] : [item])),
  };
}

describe("image to video", () => {
  const op = createImageToVideoOp(filmer);

  it("runs the weights that the catalog says, and offers motions that they know", () => {
    const model = { id: houseImageToVideo.id, ...imageToVideoWeights(houseImageToVideo) };
    expect(models.get(houseImageToVideo.id)).toMatchObject(model);
    const node = catalog.get("image-to-video");
    expect(node?.work).toEqual({ kind: "op", op: "image-to-video", model });
    const field = node?.fields.find(({ name }) => name === "motion");
    const offered = field?.options?.map(({ value }) => value) ?? [];
    expect(offered).toHaveLength(6);
    expect(houseImageToVideo.motions).toEqual(expect.arrayContaining(offered));
  });

  it("makes a film of two seconds and its sixteen frames, of any picture", async () => {
    const made = await run(op, { steps: 2 }, { image: await picture(300, 200, 200) });
    assert(made["video"]?.media === "video", "there is a film");
    expect(made["video"].artifact).toMatchObject({
      contentType: "video/mp4",
      width: 128,
      height: 128,
      durationMs: 2000,
    });
    assert(made["frames"]?.media === "list", "there are frames");
    expect(made["frames"].items).toHaveLength(16);
  });

  it.each([{ motion: "explode" }, { steps: 0 }, { steps: 1e6 }, { seed: -1 }])(
    "refuses %j in words",
    async (params) => {
      const image = await picture(64, 64, 1);
      await expect(run(op, params, { image })).rejects.toMatchObject({ code: "input_invalid" });
    },
  );
});

describe("frames to video", () => {
  it("plays the frames in the order that was asked for, and shows the ends once", () => {
    expect(playOrder(4, "forwards", 1)).toEqual([0, 1, 2, 3]);
    expect(playOrder(3, "backwards", 2)).toEqual([2, 1, 0, 2, 1, 0]);
    expect(playOrder(4, "there-and-back", 2)).toEqual([0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1]);
    expect(playOrder(1, "there-and-back", 1)).toEqual([0]);
  });

  it("gives all frames the size of the first, and says how long the film is", async () => {
    const frames = await listOf(picture(60, 40, 250), picture(33, 77, 10), picture(60, 40, 120));
    const made = await run(
      framesToVideoOp,
      { format: "webp", order: "backwards", framesPerSecond: 10 },
      { frames },
    );
    assert(made["video"]?.media === "video", "there is a film");
    const { artifact } = made["video"];
    expect(artifact).toMatchObject({ width: 60, height: 40, durationMs: 300 });
    const bytes = await blobs.read(artifact.sha256);
    const decoded = await sharp(bytes, { animated: true }).removeAlpha().raw().toBuffer();
    const reds = [0, 1, 2].map((frame) => decoded[frame * 60 * 40 * 3] ?? 0);
    for (const [at, red] of [120, 10, 250].entries())
      expect(Math.abs((reds[at] ?? 0) - red)).toBeLessThan(8);
  });

  it("refuses a film without frames, of frames that are too large, and one that is too long", async () => {
    const one = await listOf(picture(32, 32, 1));
    const large = await listOf(picture(2_050, 16, 1));
    const many = await listOf(...Array.from({ length: 200 }, () => picture(8, 8, 1)));
    const codeOf = async (frames: Value, params: OpContext["params"] = {}) =>
      run(framesToVideoOp, params, { frames }).then(
        () => "made",
        (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
      );
    expect(await codeOf({ media: "list", of: "image", items: [] })).toBe("frames_missing");
    expect(await codeOf(large)).toBe("video_too_large");
    expect(await codeOf(many, { repeats: 20 })).toBe("video_too_long");
    expect(await codeOf(one, { framesPerSecond: 0 })).toBe("input_invalid");
    expect(await codeOf(one)).toBe("made");
  });
});

/** Frames of one shade each. */
async function filmOf(shades: readonly number[], width = 64, height = 48): Promise<Value> {
  const frames = await listOf(...shades.map((shade) => picture(width, height, shade)));
  const made = await run(framesToVideoOp, { framesPerSecond: 10 }, { frames });
  assert(made["video"] !== undefined, "there is a film");
  return made["video"];
}

/** Red of every frame, to the nearest ten. */
async function shadesOf(video: Value | undefined): Promise<number[]> {
  assert(video !== undefined, "there is a film");
  const { frames } = await run(videoToFramesOp, { most: 256 }, { video });
  assert(frames?.media === "list", "there are frames");
  return Promise.all(
    frames.items.map(async (item) => {
      assert(item.media === "image", "a frame is a picture");
      const pixels = await sharp(await blobs.read(item.artifact.sha256))
        .raw()
        .toBuffer();
      return Math.round((pixels[0] ?? 0) / 10) * 10;
    }),
  );
}

describe("taking films apart", () => {
  const shades = [10, 60, 110, 160, 210, 250];

  it("gives the frames that went in, and how many of them there are a second", async () => {
    const film = await filmOf(shades);
    expect(await shadesOf(film)).toEqual(shades);
    const some = await run(videoToFramesOp, { every: 2, startSeconds: 0.1 }, { video: film });
    assert(some["frames"]?.media === "list", "there are frames");
    expect(some["frames"].items).toHaveLength(3);
    expect(some["framesPerSecond"]).toEqual({ media: "number", number: 5 });
    const most = await run(videoToFramesOp, { most: 2 }, { video: film });
    expect(most["frames"]).toMatchObject({ items: [{}, {}] });
    await expect(run(videoToFramesOp, { startSeconds: 2 }, { video: film })).rejects.toThrow(
      "over before 2 s",
    );
  });

  it("cuts a part out, of MP4 into WebP and back", async () => {
    const film = await filmOf(shades);
    const part = await run(
      trimVideoOp,
      { fromSeconds: 0.2, toSeconds: 0.5, format: "webp" },
      { video: film },
    );
    expect(part["video"]).toMatchObject({
      artifact: { contentType: "image/webp", width: 64, height: 48, durationMs: 300 },
    });
    expect(await shadesOf(part["video"])).toEqual([110, 160, 210]);
    assert(part["video"] !== undefined, "there is a film");
    const whole = await run(trimVideoOp, {}, { video: part["video"] });
    expect(await shadesOf(whole["video"])).toEqual([110, 160, 210]);
  });

  it("refuses a part that is none", async () => {
    const video = await filmOf(shades);
    const cut = (fromSeconds: number, toSeconds: number) =>
      run(trimVideoOp, { fromSeconds, toSeconds }, { video });
    await expect(cut(0.5, 0.5)).rejects.toMatchObject({ code: "trim_empty", portId: "toSeconds" });
    await expect(cut(3, 0)).rejects.toMatchObject({ code: "video_empty" });
  });

  it("joins films of any size to one of the size of the first, in their order", async () => {
    const films = [await filmOf([10, 60]), await filmOf([160], 128, 32), await filmOf([250, 210])];
    const items = films.flatMap((film) => (film.media === "video" ? [film] : []));
    const videos: Value = { media: "list", of: "video", items };
    const { video } = await run(joinVideosOp, {}, { videos });
    expect(video).toMatchObject({ artifact: { width: 64, height: 48, durationMs: 500 } });
    expect(await shadesOf(video)).toEqual([10, 60, 160, 250, 210]);
    const none: Value = { media: "list", of: "video", items: [] };
    await expect(run(joinVideosOp, {}, { videos: none })).rejects.toMatchObject({
      code: "input_invalid",
    });
  });

  it("names the port of a film that cannot be read", async () => {
    const { sha256, sizeBytes } = await blobs.put(Buffer.from("not a film"));
    const artifact = { sha256, sizeBytes, contentType: "video/mp4" };
    const video: Value = { media: "video", artifact };
    for (const op of [videoToFramesOp, trimVideoOp])
      await expect(run(op, {}, { video })).rejects.toMatchObject({
        code: "video_unreadable",
        portId: "video",
      });
  });
});
