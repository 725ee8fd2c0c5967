import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { readAdapter, type Painter, type PaintingRequest } from "@heddle/runner";
import type { Figure } from "../figure.ts";
import { request } from "./attributes.ts";
import { side, type HeldOutCaptions } from "./held-out.ts";
import { paintAll } from "./paint-all.ts";
import { largestAt, openProbe, readProbeFacts, toPlanar } from "./probe.ts";

/**
 * Paints captions that name no style with each built-in adapter and without any, and lets a probe of looks say how often
 * the adapter's look is seen.
 */
export async function measureLooks(
  painter: Painter,
  houseModels: string,
  heldOut: HeldOutCaptions,
): Promise<readonly Figure[]> {
  const evaluation = join(houseModels, "evaluation", "models");
  const probe = await openProbe(join(evaluation, "look-probe.onnx"), [3, side, side]);
  const { classes } = await readProbeFacts(evaluation, "look-probe");
  const seen = async (requests: readonly PaintingRequest[]): Promise<number[]> => {
    const pictures = await paintAll(painter, requests);
    return ((await probe.read(pictures.map(toPlanar)))["logits"] ?? []).map(largestAt);
  };
  const plain = heldOut.unstyled.map((prompt, at) => request(prompt, 3000 + at));
  const without = await seen(plain);
  const folder = join(houseModels, "weights", "adapters");
  const figures: Figure[] = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".safetensors"))) {
    const look = file.replace(".safetensors", "");
    const adapter = readAdapter(await readFile(join(folder, file)), "lora");
    const adapters = [{ adapter, scale: 1 }];
    const found = await seen(plain.map((each) => ({ ...each, adapters })));
    const share = (labels: readonly number[]) =>
      (100 * labels.filter((label) => classes[label] === look).length) / labels.length;
    figures.push({
      name: `models.lora.${look.replaceAll("-", "_")}_hit_pct`,
      value: share(found),
      unit: "%",
      baseline: share(without),
      goal: 80,
    });
  }
  await probe.close();
  return figures;
}
