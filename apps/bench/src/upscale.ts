import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { houseModelFile, houseUpscaler4x } from "@heddle/house-models";
import { createUpscaler, type Upscaler } from "@heddle/runner";
import type { BenchResult, Figure } from "./figure.ts";
import { resizeBicubic, type Pixels } from "./upscale/bicubic.ts";
import { readHeldOutPhotos, resizeWithSharp, type Photo } from "./upscale/held-out-photos.ts";
import { measurePsnr, type Psnr } from "./upscale/psnr.ts";

/** One photograph made small in one way, and enlarged again in three. */
interface Row {
  readonly name: string;
  readonly sharp: Psnr;
  readonly pillow: Psnr;
  readonly ours: Psnr;
}

type Reduce = (photo: Pixels, size: { width: number; height: number }) => Promise<Pixels> | Pixels;

/**
 * The 4× upscaler: PSNR on held-out photographs against the better of two bicubic enlargements
 * (libvips through sharp, and Pillow's), its speed, and its memory on the largest usual picture.
 */
export async function benchUpscale(): Promise<BenchResult> {
  const houseModels = dirname(
    createRequire(import.meta.url).resolve("@heddle/house-models/package.json"),
  );
  const threads = availableParallelism();
  const upscaler = createUpscaler({
    weightsPath: houseModelFile(houseModels, houseUpscaler4x),
    sha256: houseUpscaler4x.weights.sha256,
    threads,
  });
  // First, so that the peak of the process is the peak of this run.
  const large = await measureLarge(upscaler);
  const smallMs = await measureSmall(upscaler);
  const photos = await readHeldOutPhotos(houseModels);
  const clean = await score(upscaler, photos, resizeBicubic);
  const bySharp = await score(upscaler, photos, (photo, size) =>
    resizeWithSharp(photo, size, "lanczos3"),
  );
  await upscaler.close();
  return {
    figures: [...gainFigures(clean, bySharp), ...costFigures(large, smallMs)],
    table: [
      `4× upscaling of ${photos.length} photographs that were not trained on; ${threads} threads.`,
      "PSNR in dB over RGB; the gain is over the better of the two bicubic enlargements.",
      "",
      formatRows("made small by Pillow's bicubic", clean),
      "",
      formatRows("made small by sharp (its default, Lanczos)", bySharp),
    ].join("\n"),
  };
}

async function score(
  upscaler: Upscaler,
  photos: readonly Photo[],
  reduce: Reduce,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { name, pixels } of photos) {
    const small = await reduce(pixels, { width: pixels.width / 4, height: pixels.height / 4 });
    const ours = await upscaler.upscale(
      { pixels: small.data, width: small.width, height: small.height, channels: 3 },
      { factor: 4 },
    );
    rows.push({
      name,
      sharp: measurePsnr(pixels, await resizeWithSharp(small, sizeOf(pixels), "cubic")),
      pillow: measurePsnr(pixels, resizeBicubic(small, sizeOf(pixels))),
      ours: measurePsnr(pixels, { data: ours.pixels, ...sizeOf(ours), channels: 3 }),
    });
  }
  return rows;
}

async function measureLarge(
  upscaler: Upscaler,
): Promise<{ msPerMegapixel: number; peakMb: number }> {
  await upscaler.load();
  const side = 2048;
  const before = performance.now();
  const enlarged = await upscaler.upscale(gradient(side), { factor: 4 });
  const ms = performance.now() - before;
  return {
    msPerMegapixel: ms / ((enlarged.width * enlarged.height) / 1e6),
    peakMb: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
}

/** Median of five runs of 128 × 128, the size that pictures are made in here. */
async function measureSmall(upscaler: Upscaler): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 6; run += 1) {
    const before = performance.now();
    await upscaler.upscale(gradient(128), { factor: 4 });
    times.push(performance.now() - before);
  }
  return times.slice(1).toSorted((a, b) => a - b)[2] ?? 0;
}

function gainFigures(clean: readonly Row[], bySharp: readonly Row[]): readonly Figure[] {
  return [
    {
      name: "upscale.psnr_gain_over_bicubic_db",
      value: mean(clean, (row) => row.ours.rgb - best(row, "rgb")),
      unit: "dB",
      baseline: 0,
      goal: 0.5,
    },
    {
      name: "upscale.luma_psnr_gain_over_bicubic_db",
      value: mean(clean, (row) => row.ours.luma - best(row, "luma")),
      unit: "dB",
      baseline: 0,
      goal: 0.5,
    },
    {
      name: "upscale.psnr_gain_over_bicubic_reduced_by_sharp_db",
      value: mean(bySharp, (row) => row.ours.rgb - best(row, "rgb")),
      unit: "dB",
      baseline: 0,
      goal: 0.5,
    },
    {
      name: "upscale.psnr_db",
      value: mean(clean, (row) => row.ours.rgb),
      unit: "dB",
      baseline: mean(clean, (row) => best(row, "rgb")),
    },
  ];
}

function costFigures(
  large: { msPerMegapixel: number; peakMb: number },
  smallMs: number,
): readonly Figure[] {
  return [
    { name: "upscale.ms_per_megapixel_output", value: large.msPerMegapixel, unit: "ms" },
    { name: "upscale.128_to_512_ms", value: smallMs, unit: "ms", goal: 600 },
    { name: "upscale.resident_memory_2048_mb", value: large.peakMb, unit: "MB", goal: 1500 },
  ];
}

function formatRows(title: string, rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(14) : cell.padStart(10))).join("");
  const signed = (value: number): string => (value < 0 ? "" : "+") + value.toFixed(2);
  return [
    title,
    line(["", "sharp", "Pillow", "ours", "gain", "gain (Y)"]),
    ...rows.map((row) =>
      line([
        row.name,
        ...[row.sharp.rgb, row.pillow.rgb, row.ours.rgb].map((value) => value.toFixed(2)),
        signed(row.ours.rgb - best(row, "rgb")),
        signed(row.ours.luma - best(row, "luma")),
      ]),
    ),
    line([
      "mean",
      ...[
        mean(rows, (row) => row.sharp.rgb),
        mean(rows, (row) => row.pillow.rgb),
        mean(rows, (row) => row.ours.rgb),
      ].map((value) => value.toFixed(2)),
      signed(mean(rows, (row) => row.ours.rgb - best(row, "rgb"))),
      signed(mean(rows, (row) => row.ours.luma - best(row, "luma"))),
    ]),
  ].join("\n");
}

function best(row: Row, over: keyof Psnr): number {
  return Math.max(row.sharp[over], row.pillow[over]);
}

function mean(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
}

function gradient(side: number): {
  pixels: Uint8Array;
  width: number;
  height: number;
  channels: 3;
} {
  const pixels = Uint8Array.from(
    { length: side * side * 3 },
    (_, at) => ((at % 251) + Math.floor(at / (side * 3))) % 256,
  );
  return { pixels, width: side, height: side, channels: 3 };
}

function sizeOf({ width, height }: { width: number; height: number }): {
  width: number;
  height: number;
} {
  return { width, height };
}
