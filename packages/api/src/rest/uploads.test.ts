import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pngBomb, safetensors, samplePicture, toForm, zip } from "../testing/sample-files.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { announcedSchema, uploadedSchema } from "../wire/upload.ts";

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi({}, { advance: false });
});
afterAll(() => test.close());

async function upload(bytes: Buffer, name: string, type?: string) {
  const response = await test.call("POST", "/api/v1/uploads", {
    body: toForm(new Uint8Array(bytes), name, type),
  });
  return { status: response.status, body: await response.json() };
}

async function download(url: string): Promise<Buffer> {
  const { pathname, search } = new URL(url);
  return Buffer.from(await (await test.call("GET", pathname + search)).arrayBuffer());
}

describe("POST /api/v1/uploads with a file", () => {
  it.each(["png", "jpeg", "webp", "gif", "avif", "tiff"] as const)(
    "takes a %s and stores it as PNG",
    async (format) => {
      const { status, body } = await upload(await samplePicture(format), `photo.${format}`);
      expect(status).toBe(201);
      const { artifact, media, url } = uploadedSchema.parse(body);
      expect(media).toBe("image");
      expect(artifact).toMatchObject({ contentType: "image/png", width: 64, height: 48 });
      expect((await sharp(await download(url)).metadata()).format).toBe("png");
    },
  );

  it("keeps every pixel, turns the picture upright and drops its metadata", async () => {
    const pixels = await sharp(await samplePicture("png"))
      .raw()
      .toBuffer();
    const upright = await upload(
      await sharp(pixels, { raw: { width: 64, height: 48, channels: 3 } })
        .withMetadata({ orientation: 6 })
        .withExif({ IFD0: { Artist: "Somebody" } })
        .png()
        .toBuffer(),
      "turned.png",
    );
    const { artifact, url } = uploadedSchema.parse(upright.body);
    expect(artifact).toMatchObject({ width: 48, height: 64 });
    const stored = await download(url);
    expect((await sharp(stored).metadata()).exif).toBeUndefined();
    const back = await sharp(stored).rotate(-90).raw().toBuffer();
    expect(back.equals(pixels)).toBe(true);
  });

  it("stores the same pixels once, whatever they came as", async () => {
    const png = await samplePicture("png");
    const [first, second, again] = [
      uploadedSchema.parse((await upload(png, "a.png")).body),
      uploadedSchema.parse(
        (await upload(await sharp(png).tiff({ compression: "none" }).toBuffer(), "a.tiff")).body,
      ),
      uploadedSchema.parse((await upload(png, "b.png")).body),
    ];
    expect(new Set([first, second, again].map(({ artifact }) => artifact.sha256)).size).toBe(1);
    const stored = await download(first.url);
    expect(uploadedSchema.parse((await upload(stored, "c.png")).body).artifact.sha256).toBe(
      first.artifact.sha256,
    );
  });

  it("unpacks a ZIP of pictures, in the order of their names", async () => {
    const [png, jpeg] = [await samplePicture("png"), await samplePicture("jpeg", { width: 32 })];
    const archive = zip([
      { name: "photos/10.jpg", bytes: jpeg },
      { name: "photos/9.png", bytes: png },
    ]);
    const { status, body } = await upload(archive, "photos.zip", "application/zip");
    expect(status).toBe(201);
    const { media, artifact, pictures } = uploadedSchema.parse(body);
    expect([media, artifact.contentType]).toEqual(["archive", "application/zip"]);
    expect(pictures?.map(({ width, contentType }) => [width, contentType])).toEqual([
      [64, "image/png"],
      [32, "image/png"],
    ]);
    expect((await sharp(await download(pictures?.[1]?.url ?? "")).metadata()).width).toBe(32);
  });

  const zipped: [string, () => Promise<Buffer>, RegExp][] = [
    [
      "text",
      async () => zip([{ name: "a.txt", bytes: Buffer.from("a boat") }]),
      /"a.txt" in this ZIP holds text; only pictures/,
    ],
    [
      "a cut picture",
      async () => zip([{ name: "a.png", bytes: (await samplePicture("png")).subarray(0, 3000) }]),
      /"a.png" in this ZIP: .*PNG is damaged or cut short/,
    ],
    [
      "a LoRA",
      async () => zip([{ name: "a.safetensors", bytes: safetensors({}, 0) }]),
      /"a.safetensors" in this ZIP holds .*octet-stream; only pictures/,
    ],
    [
      "another ZIP",
      async () => zip([{ name: "a.zip", bytes: zip([]) }]),
      /"a.zip" in this ZIP holds .*zip; only pictures/,
    ],
  ];
  it.each(zipped)("refuses a ZIP of %s, by the file's name", async (_name, make, message) => {
    const { status, body } = await upload(await make(), "photos.zip");
    expect([415, 422]).toContain(status);
    expect(JSON.stringify(body).replaceAll('\\"', '"')).toMatch(message);
  });

  it("refuses a ZIP of a thousand pictures, and names the limit", async () => {
    const bytes = await samplePicture("png");
    const entries = Array.from({ length: 1000 }, (_, at) => ({ name: `${at}.png`, bytes }));
    const { status, body } = await upload(zip(entries), "photos.zip");
    expect(status).toBe(413);
    expect(body).toMatchObject({ detail: expect.stringContaining("more than 256 files") });
  });

  const refused: [string, () => Buffer | Promise<Buffer>, string, number, RegExp][] = [
    ["an empty file", () => Buffer.alloc(0), "photo.png", 422, /empty/],
    [
      "SVG that says it is a PNG",
      () => Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
      "photo.png",
      415,
      /says it is a PNG but holds SVG/,
    ],
    [
      "HTML that says it is a PNG",
      () => Buffer.from("<!doctype html><script>1</script>"),
      "photo.png",
      415,
      /says it is a PNG but holds HTML/,
    ],
    ["SVG", () => Buffer.from("<svg/>"), "drawing.svg", 415, /holds SVG, which is not taken/],
    [
      "a cut PNG",
      async () => (await samplePicture("png")).subarray(0, 3000),
      "photo.png",
      422,
      /PNG is damaged or cut short/,
    ],
    [
      "a cut JPEG",
      async () => (await samplePicture("jpeg")).subarray(0, 800),
      "photo.jpg",
      422,
      /JPEG is damaged or cut short/,
    ],
    [
      "a PNG that is only its first bytes",
      async () => (await samplePicture("png")).subarray(0, 20),
      "photo.png",
      422,
      /damaged or cut short/,
    ],
    [
      "a polyglot: a PNG's first bytes, then HTML",
      () => Buffer.from("\x89PNG\r\n\x1a\n<html>", "latin1"),
      "photo.png",
      422,
      /damaged/,
    ],
    [
      "an MP4 without an index",
      () => Buffer.concat([Buffer.from([0, 0, 0, 20]), Buffer.from("ftypisom\0\0\x02\0mp41")]),
      "clip.mp4",
      422,
      /no index/,
    ],
    [
      "a LoRA with a hidden rest",
      () => safetensors({}, 5),
      "style.safetensors",
      422,
      /LoRA file cannot be used/,
    ],
    [
      "a pickle that says it is a LoRA",
      () => Buffer.from([0x80, 2, 0x7d, 0x2e]),
      "style.safetensors",
      415,
      /says it is a .safetensors file but holds a Python pickle/,
    ],
  ];
  it.each(refused)("refuses %s", async (_, bytes, name, status, message) => {
    const answer = await upload(await bytes(), name);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, detail: expect.stringMatching(message) });
  });

  it("refuses a 16,000² PNG in well under a second, without decoding it", async () => {
    const bomb = pngBomb(16_000);
    const startedAt = performance.now();
    const answer = await upload(bomb, "bomb.png");
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      detail:
        "This PNG is 16000 × 16000 = 256 megapixels, the limit is 100 megapixels (limit pixels)",
    });
  });

  it("refuses a form without a file, with two, and what is no form", async () => {
    const two = toForm(new Uint8Array(1), "a.png");
    two.append("other", new File(["b"], "b.png"));
    expect((await test.call("POST", "/api/v1/uploads", { body: two })).status).toBe(400);
    expect((await test.call("POST", "/api/v1/uploads", { body: new FormData() })).status).toBe(400);
    const headers = { "content-type": "image/png" };
    expect((await test.call("POST", "/api/v1/uploads", { body: "x", headers })).status).toBe(415);
    const broken = { "content-type": "multipart/form-data; boundary=x" };
    expect(
      (await test.call("POST", "/api/v1/uploads", { body: "not a form", headers: broken })).status,
    ).toBe(400);
  });
});

describe("POST /api/v1/uploads with an announcement", () => {
  async function announce(sizeBytes: number) {
    const json = { fileName: "photo.png", contentType: "image/png", sizeBytes };
    return test.call("POST", "/api/v1/uploads", { json });
  }

  it("gives a link that takes the bytes without a key, and a url that is an input afterwards", async () => {
    const bytes = await samplePicture("png");
    const { uploadUrl, url } = announcedSchema.parse(
      await (await announce(bytes.byteLength)).json(),
    );
    const { pathname, search } = new URL(uploadUrl);
    const foreign = { host: "heddle.example", origin: "https://elsewhere.example" };
    const body = new Uint8Array(bytes);
    const sent = await test.call("PUT", pathname + search, { body, headers: foreign });
    expect(sent.status).toBe(200);
    const { artifact } = uploadedSchema.parse(await sent.json());
    const found = await test.call("GET", new URL(url).pathname);
    expect(await found.json()).toMatchObject({ artifact: { sha256: artifact.sha256 } });
    expect((await test.call("PUT", pathname + search, { body })).status).toBe(200);
    const other = new Uint8Array((await samplePicture("png")).subarray(0, bytes.byteLength));
    expect([409, 413, 422]).toContain(
      (await test.call("PUT", pathname + search, { body: other })).status,
    );
  });

  it("refuses a link whose signature was changed, and more bytes than were announced", async () => {
    const { uploadUrl } = announcedSchema.parse(await (await announce(10)).json());
    const { pathname, search } = new URL(uploadUrl);
    expect((await test.call("PUT", `${pathname}${search}x`, { body: "0123456789" })).status).toBe(
      404,
    );
    expect((await test.call("PUT", pathname, { body: "0123456789" })).status).toBe(404);
    expect((await test.call("PUT", pathname + search, { body: "0123456789+" })).status).toBe(413);
  });

  it("refuses a file that is larger than the limit before a byte is sent", async () => {
    expect((await announce(test.api.limits.uploadBytes + 1)).status).toBe(413);
    expect((await announce(-1)).status).toBe(422);
  });
});
