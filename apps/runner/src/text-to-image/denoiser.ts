import { Tensor } from "onnxruntime-node";
import type { Weights } from "../weights/create-weights.ts";
import type { Kept } from "../weights/kept.ts";
import type { Network } from "../weights/network-thread.ts";
import { runKept } from "../weights/run-kept.ts";
import { AdapterBanks } from "./adapter-banks.ts";
import type { Painting } from "./painting.ts";
import { shapesOf, stack, type Shapes } from "./shapes.ts";
import { textToImageNetwork, type TextToImageFiles } from "./text-to-image-network.ts";

/** Sessions side by side; each takes 45 MB. */
export const laneCount = 2;

/** Who paints may hold adapters meanwhile. */
const mayHoldOthers = { holdsOthers: true };

/**
 * Takes steps. One painting has all threads. Several are shared out among *lanes*: sessions of the same network, each in
 * a thread of its own with its share of the threads of a run. A run leaves cores idle between its small operators, and
 * runs side by side do not: on two cores two paintings take 0.78 of the time of one after the other, where two rows of
 * one run take 0.94. Whoever has a lane to itself is computed as it is alone, bit for bit.
 */
export interface Denoiser {
  /** Where each is heading at its time: channels × cells floats. */
  velocities(paintings: readonly Painting[]): Promise<Float32Array[]>;
  /** The lanes are there. Until then several paintings are rows of one run. */
  readonly hasLanes: boolean;
  /** Loads the lanes, where there is room for them beside all that is loaded; then whether they are there. */
  openLanes(): Promise<boolean>;
  /** Gives up the lanes. The network itself is one of the parts. */
  close(): Promise<void>;
}

/** A session, and the adapters of its last run. */
interface Lane {
  readonly network: Kept<Network>;
  readonly banks: AdapterBanks;
}

export function createDenoiser(weights: Weights, files: TextToImageFiles): Denoiser {
  const { model, threads } = files;
  const shapes = shapesOf(model);
  const whole: Lane = {
    network: textToImageNetwork(weights, files, "denoiser"),
    banks: new AdapterBanks(model),
  };
  const lanes = threads < laneCount ? [] : createLanes(weights, files);
  const networks = lanes.map(({ network }) => network);
  const hasLanes = () => lanes.length > 0 && networks.every(({ isLoaded }) => isLoaded);
  let opening: Promise<boolean> | undefined;

  async function open(): Promise<boolean> {
    if (lanes.length === 0 || !weights.hasRoomFor(networks)) return hasLanes();
    for (const network of networks) (await network.acquire(mayHoldOthers)).release();
    return hasLanes();
  }

  return {
    velocities: async (paintings) => {
      const sharers = paintings.length > 1 && hasLanes() ? lanes : [whole];
      const groups = shareOut(paintings, sharers.length);
      const made = groups.map((group, at) => runLane(sharers[at] ?? whole, group, shapes));
      return (await Promise.all(made)).flat();
    },
    get hasLanes() {
      return hasLanes();
    },
    openLanes: () => (opening ??= open().finally(() => (opening = undefined))),
    close: async () => {
      for (const network of networks) await network.drop();
    },
  };
}

function createLanes(weights: Weights, files: TextToImageFiles): Lane[] {
  const threads = Math.floor(files.threads / laneCount);
  return Array.from({ length: laneCount }, (_, lane) => ({
    network: textToImageNetwork(weights, { ...files, threads, lane: `lane ${lane}` }, "denoiser"),
    banks: new AdapterBanks(files.model),
  }));
}

/** In order, as evenly as it goes; none is empty. */
function shareOut<Item>(items: readonly Item[], count: number): Item[][] {
  const groups = Math.min(items.length, count);
  const from = (group: number) => Math.ceil((group * items.length) / groups);
  return Array.from({ length: groups }, (_, group) => items.slice(from(group), from(group + 1)));
}

async function runLane(
  { network, banks }: Lane,
  paintings: readonly Painting[],
  shapes: Shapes,
): Promise<Float32Array[]> {
  const rows = paintings.map(({ adapters }) => adapters);
  const feeds = { ...stepFeeds(paintings, shapes), ...banks.inputsFor(rows) };
  const velocity = await runKept(network, feeds, mayHoldOthers);
  const size = shapes.latentSize;
  return paintings.map((_, row) => velocity.subarray(row * size, (row + 1) * size));
}

function stepFeeds(paintings: readonly Painting[], shapes: Shapes): Record<string, Tensor> {
  const each = <Value>(of: (painting: Painting) => Value) => paintings.map(of);
  return {
    latent: stack(
      each(({ latent }) => latent),
      shapes.latent,
    ),
    timestep: column(each(({ times, stepsDone }) => times[stepsDone] ?? 0)),
    guidance: column(each(({ guidance }) => guidance)),
    text: stack(
      each(({ text }) => text),
      shapes.text,
    ),
  };
}

function column(values: readonly number[]): Tensor {
  return new Tensor("float32", Float32Array.from(values), [values.length]);
}
