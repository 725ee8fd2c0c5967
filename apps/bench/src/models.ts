import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { houseModelFile, houseUpscaler4x } from "@heddle/house-models";
import {
  createHouseFilmer,
  createHousePainter,
  createUpscaler,
  createWeights,
  paint,
  type Painter,
} from "@heddle/runner";
import type { BenchResult, Figure } from "./figure.ts";
import { measureAttributes, request } from "./models/attributes.ts";
import { measureAutoencoder } from "./models/autoencoder.ts";
import { measureFilms } from "./models/films.ts";
import { readCaptions, readClips, side } from "./models/held-out.ts";
import { measureLooks } from "./models/looks.ts";

/** What the built-in models that paint and film can do, told by probes that saw renders only. */
export async function benchModels(): Promise<BenchResult> {
  const houseModels = dirname(
    createRequire(import.meta.url).resolve("@heddle/house-models/package.json"),
  );
  const evaluation = join(houseModels, "evaluation", "models");
  const heldOut = await readCaptions(evaluation);
  const clips = await readClips(evaluation);
  const weights = createWeights();
  const painter = createHousePainter(availableParallelism(), weights);
  const filmer = createHouseFilmer(availableParallelism(), weights);
  const speed = await measureSpeed(painter, houseModels);
  const films = await measureFilms(filmer, houseModels, clips);
  await filmer.close();
  const attributes = await measureAttributes(painter, houseModels, heldOut);
  const looks = await measureLooks(painter, houseModels, heldOut);
  await painter.close();
  const autoencoder = await measureAutoencoder(houseModels, clips);
  return {
    figures: [...attributes.figures, autoencoder, ...looks, ...films.figures, speed],
    table: `${attributes.table}\n\n${films.table}`,
  };
}

/** From a prompt to 512 × 512 pixels, warm: the median of five. */
async function measureSpeed(painter: Painter, houseModels: string): Promise<Figure> {
  const upscaler = createUpscaler({
    weightsPath: houseModelFile(houseModels, houseUpscaler4x),
    sha256: houseUpscaler4x.weights.sha256,
    threads: availableParallelism(),
  });
  const times: number[] = [];
  for (let run = 0; run < 6; run += 1) {
    const before = performance.now();
    const pixels = await paint(painter, request("a red boat at sea at dusk, watercolour", run));
    await upscaler.upscale({ pixels, width: side, height: side, channels: 3 }, { factor: 4 });
    times.push(performance.now() - before);
  }
  await upscaler.close();
  const median = times.slice(1).toSorted((a, b) => a - b)[2] ?? 0;
  return { name: "models.prompt_to_512_ms", value: median, unit: "ms", goal: 6000 };
}
