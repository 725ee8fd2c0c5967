import { join } from "node:path";
import { houseImageToVideo } from "@heddle/house-models";
import type { Filmer, RgbPixels } from "@heddle/runner";
import type { Figure } from "../figure.ts";
import { psnr } from "./autoencoder.ts";
import { side, type HeldOutClip } from "./held-out.ts";
import { largestAt, openProbe, readProbeFacts, toPlanar } from "./probe.ts";

/** The frames that the motion probe looks at. */
const seen = [0, 3, 6, 9, 12, 15];
/** The frames that the true clips have. */
const kept = [5, 10, 15];

/**
 * Makes a film of every held-out picture with the motion that was chosen for it: what a probe that saw renders only takes
 * the motion for, and how near the frames are to the true ones, beside a film that stands still.
 */
export async function measureFilms(
  filmer: Filmer,
  houseModels: string,
  clips: readonly HeldOutClip[],
): Promise<{ readonly figures: readonly Figure[]; readonly table: string }> {
  const evaluation = join(houseModels, "evaluation", "models");
  const probe = await openProbe(join(evaluation, "motion-probe.onnx"), [6, 3, side, side]);
  const { classes } = await readProbeFacts(evaluation, "motion-probe");
  const rows: Row[] = [];
  for (const [seed, { motion, picture, later }] of clips.entries()) {
    const frames = await filmer.batcher.run({
      pixels: picture,
      motion: houseImageToVideo.motions.indexOf(motion),
      seed,
      steps: houseImageToVideo.sampler.steps.default,
    });
    const logits = (await probe.read([joined(frames)]))["logits"]?.[0];
    const shown = kept.map((at) => frames[at]);
    const standing = kept.map(() => picture);
    rows.push({
      motion,
      isRight: classes[largestAt(logits)] === motion ? 1 : 0,
      near: nearness(shown, later),
      still: nearness(standing, later),
    });
  }
  await probe.close();
  return { figures: figuresOf(rows), table: tableOf(rows) };
}

interface Row {
  readonly motion: string;
  readonly isRight: 0 | 1;
  /** dB to the true clip. */
  readonly near: number;
  /** The same of a film that stands still. */
  readonly still: number;
}

function figuresOf(rows: readonly Row[]): Figure[] {
  return [
    { name: "models.video.motion_pct", value: 100 * mean(rows, "isRight"), unit: "%", goal: 85 },
    {
      name: "models.video.psnr_to_true_clip_db",
      value: mean(rows, "near"),
      unit: "dB",
      baseline: mean(rows, "still"),
    },
  ];
}

function tableOf(rows: readonly Row[]): string {
  const lines = houseImageToVideo.motions.map((motion) => {
    const own = rows.filter((row) => row.motion === motion);
    const right = (100 * mean(own, "isRight")).toFixed(0).padStart(4);
    const [near, still] = [mean(own, "near").toFixed(1), mean(own, "still").toFixed(1)];
    return `${motion.padEnd(10)} ${right} %  ${near} dB to the true clip (standing still: ${still})`;
  });
  return [`Films of ${rows.length} held-out pictures:`, ...lines].join("\n");
}

function mean(rows: readonly Row[], of: "isRight" | "near" | "still"): number {
  return rows.reduce((sum, row) => sum + row[of], 0) / rows.length;
}

function joined(frames: readonly RgbPixels[]): Float32Array {
  const plane = 3 * side * side;
  const clip = new Float32Array(seen.length * plane);
  for (const [place, at] of seen.entries())
    clip.set(toPlanar(frames[at] ?? new Uint8Array(plane)), place * plane);
  return clip;
}

function nearness(frames: readonly (RgbPixels | undefined)[], truth: readonly RgbPixels[]): number {
  const each = truth.map((wanted, at) => {
    const found = frames[at];
    return psnr(toPlanar(wanted), found === undefined ? undefined : toPlanar(found));
  });
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}
