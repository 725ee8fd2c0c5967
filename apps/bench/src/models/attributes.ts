import { join } from "node:path";
import type { Painter, PaintingRequest } from "@heddle/runner";
import type { Figure } from "../figure.ts";
import { frechetDistance, meanDistance, spreadOf } from "./frechet.ts";
import { side, type HeldOutCaptions } from "./held-out.ts";
import { paintAll } from "./paint-all.ts";
import { largestAt, openProbe, toPlanar, type Probe } from "./probe.ts";

const goals: Readonly<Record<string, number>> = {
  colour: 90,
  object: 90,
  place: 80,
  time: 95,
  style: 90,
};

export interface PaintedFigures {
  readonly figures: readonly Figure[];
  readonly table: string;
}

/** Paints every held-out caption once, lets the probe look, and compares the features with those of renders. */
export async function measureAttributes(
  painter: Painter,
  houseModels: string,
  heldOut: HeldOutCaptions,
): Promise<PaintedFigures> {
  const probe = await openProbe(join(houseModels, "weights", "text-to-image", "probe.onnx"), [
    3,
    side,
    side,
  ]);
  const pictures = await paintAll(
    painter,
    heldOut.captions.map((prompt, at) => request(prompt, 1000 + at)),
  );
  const read = await probe.read(pictures.map(toPlanar));
  const shares = Object.entries(heldOut.wanted).map(([name, wanted]) => {
    const right = wanted.filter((label, at) => largestAt(read[name]?.[at]) === label).length;
    return { name, pct: (100 * right) / wanted.length };
  });
  const diversity = await measureDiversity({ painter, probe, heldOut });
  await probe.close();
  const features = spreadOf(read["embedding"] ?? []);
  return {
    figures: [
      ...shares.map(({ name, pct }) => attributeFigure(name, pct)),
      {
        name: "models.frechet_distance_to_renders",
        value: frechetDistance(features, heldOut.renders),
        unit: "",
        floor: frechetDistance(heldOut.rendersAgain, heldOut.renders),
      },
      diversity,
    ],
    table: `${heldOut.captions.length} captions held out as combinations, 12 steps, guidance 3: what a probe that saw renders only finds in the pictures.`,
  };
}

interface DiversityTools {
  readonly painter: Painter;
  readonly probe: Probe;
  readonly heldOut: HeldOutCaptions;
}

/** How different the pictures of one caption are from seed to seed, beside renders of it. */
async function measureDiversity({ painter, probe, heldOut }: DiversityTools): Promise<Figure> {
  const { captions, seeds, renders } = heldOut.diversity;
  const pictures = await paintAll(
    painter,
    heldOut.captions
      .slice(0, captions)
      .flatMap((prompt) => Array.from({ length: seeds }, (_, at) => request(prompt, 50 + at))),
  );
  const vectors = (await probe.read(pictures.map(toPlanar)))["embedding"] ?? [];
  const groups = Array.from({ length: captions }, (_, at) =>
    vectors.slice(at * seeds, (at + 1) * seeds),
  );
  return {
    name: "models.diversity_over_seeds",
    value: meanDistance(groups),
    unit: "",
    baseline: renders,
  };
}

function attributeFigure(name: string, pct: number): Figure {
  const goal = goals[name];
  return {
    name: `models.attribute.${name === "time" ? "time_of_day" : name}_pct`,
    value: pct,
    unit: "%",
    ...(goal !== undefined && { goal }),
  };
}

/** As the nodes paint by default. */
export function request(prompt: string, seed: number): PaintingRequest {
  return { prompt, seed, steps: 12, guidance: 3, start: { kind: "noise" }, adapters: [] };
}
