import type { Painter, PaintingRequest, RgbPixels } from "@heddle/runner";

/** Pictures that take their steps together. */
const together = 4;

/** Paints all requests, which have the same number of steps, a few at once; in their order. */
export async function paintAll(
  painter: Painter,
  requests: readonly PaintingRequest[],
): Promise<RgbPixels[]> {
  const made: RgbPixels[] = [];
  for (let first = 0; first < requests.length; first += together) {
    const part = requests.slice(first, first + together);
    const paintings = await Promise.all(part.map((request) => painter.prepare(request)));
    for (let step = 0; step < (part[0]?.steps ?? 0); step += 1) await painter.step(paintings);
    for (const painting of paintings) made.push(await painter.finish(painting));
  }
  return made;
}
