import { basename } from "node:path";
import { assert, type Resident, type WeightsLoad } from "@heddle/core";
import type { InferenceSession } from "onnxruntime-node";
import { defaultWeightsBytes } from "./default-weights-bytes.ts";
import { KeptValues, type KeptValuesOptions } from "./kept-values.ts";
import type { Kept, KeptSpec } from "./kept.ts";
import { listResident, type KnownNetwork } from "./list-resident.ts";
import { MemoryBudget, type BudgetEvent, type MemoryBudgetOptions } from "./memory-budget.ts";
import { NetworkThread, type Network } from "./network-thread.ts";
import type { Slot } from "./slot.ts";
import { readVerified, type WeightsFile } from "./read-verified.ts";

export interface WeightsOptions extends Pick<MemoryBudgetOptions, "onEvent" | "onOverdraft"> {
  /** All that is kept in memory together; default: `defaultWeightsBytes()`. */
  readonly limitBytes?: number | undefined;
}

/** One ONNX network. */
export interface NetworkSpec {
  /** As the server names the model that it is a part of: one hash, of its only file or for all of its parts. */
  readonly model: { readonly id: string; readonly sha256: string };
  /** Whose weights they are, for errors: `text-to-image`. */
  readonly title: string;
  readonly file: WeightsFile;
  /** Files that hold weights of it (ONNX external data), by the names that the graph calls them. */
  readonly external?: Readonly<Record<string, WeightsFile>> | undefined;
  readonly options: InferenceSession.SessionOptions;
  /**
   * Name of the thread on which it runs: networks of different threads run at the same time. `steps`: what is run over
   * and over for one result; `ends`: what makes ready and finishes.
   */
  readonly thread: string;
  /** What a session takes, with the memory that it keeps for its runs; default: four times its files. */
  readonly sessionBytes?: number | undefined;
}

export interface Weights {
  /** Loads nothing yet. For the same files and options it is the same, so that all who run it share one session. */
  network(spec: NetworkSpec): Kept<Network>;
  /** Loads nothing yet. Another kind of value under the same budget. */
  values<Value>(options: KeptValuesOptions<Value>): KeptValues<Value>;
  /** They can be loaded, as far as they are not, without anything being given up. */
  hasRoomFor(networks: readonly Kept<Network>[]): boolean;
  /**
   * Makes the sessions of a model that will be wanted; resolves when they are there. Nothing happens when there is no room
   * beside what is held, or no such model. Throws what loading throws.
   */
  prefetch(sha256: string): Promise<void>;
  /** What is where, by model and tier. The bytes are those of the files, so that they can be held against the model's. */
  resident(): Resident[];
  /** What was loaded since the last call, the last hundred at most. */
  takeLoads(): WeightsLoad[];
  readonly totalBytes: number;
}

/** Most weights are half as wide in the file as in the session, which keeps the memory of its runs besides. */
const sessionBytesPerFileByte = 4;

const keptLoads = 100;

/**
 * The weights of a process in tiers under one budget: on the disk, as verified bytes in RAM, as sessions. What is given
 * up falls by a tier, and what goes first is chosen by `chooseVictim`.
 */
export function createWeights(options: WeightsOptions = {}): Weights {
  const { limitBytes = defaultWeightsBytes(), onEvent, onOverdraft } = options;
  const budget = new MemoryBudget({ limitBytes, onOverdraft, onEvent: hear });
  const files = new Map<string, Kept<Uint8Array>>();
  const networks = new Map<string, KnownNetwork & { readonly session: Kept<Network> }>();
  const threads = new Map<string, NetworkThread>();
  const values: { resident(): Resident[] }[] = [];
  const loads: WeightsLoad[] = [];

  function hear(event: BudgetEvent): void {
    const { kind, modelId, sha256, tier, sizeBytes, ms } = event;
    if (kind === "loaded") loads.push({ modelId, sha256, tier, sizeBytes, ms });
    if (loads.length > keptLoads) loads.shift();
    onEvent?.(event);
  }

  function keepFile(spec: NetworkSpec, file: WeightsFile): Kept<Uint8Array> {
    return once(files, `${file.sha256} ${file.path}`, () => budget.keep(bytesSpec(spec, file)));
  }

  function keepNetwork(spec: NetworkSpec) {
    const external = Object.values(spec.external ?? {});
    const from = [spec.file, ...external].map((file) => keepFile(spec, file));
    const thread = once(threads, spec.thread, () => new NetworkThread());
    return { ...spec, session: budget.keep(sessionSpec(spec, { from, thread })), bytes: from[0] };
  }

  const hasRoomFor = (wanted: readonly Kept<Network>[]) =>
    budget.totalBytes + bytesToLoad(wanted) <= limitBytes;

  return {
    network(spec) {
      const key = JSON.stringify([spec.file, spec.external, spec.options, spec.thread]);
      return once(networks, key, () => keepNetwork(spec)).session;
    },
    values<Value>(of: KeptValuesOptions<Value>) {
      const kept = new KeptValues(of, budget);
      values.push(kept);
      return kept;
    },
    hasRoomFor,
    prefetch: async (sha256) => {
      const wanted = sessionsOf(sha256, [...networks.values()]);
      if (hasRoomFor(wanted)) for (const session of wanted) (await session.acquire()).release();
    },
    resident: () => [
      ...listResident([...networks.values()]),
      ...values.flatMap((kept) => kept.resident()),
    ],
    takeLoads: () => loads.splice(0),
    get totalBytes() {
      return budget.totalBytes;
    },
  };
}

/** What is at the key; made and put there, if there is nothing. */
function once<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

/** Of a model. Where a file has sessions in several threads, the one that was asked for first. */
function sessionsOf(
  sha256: string,
  networks: readonly (KnownNetwork & { readonly session: Kept<Network> })[],
): Kept<Network>[] {
  const sessions = new Map<string, Kept<Network>>();
  for (const { model, file, session } of networks)
    if (model.sha256 === sha256) once(sessions, file.sha256, () => session);
  return [...sessions.values()];
}

function bytesToLoad(networks: readonly Kept<Network>[]): number {
  const parts = new Set<Slot>(networks.flatMap((network) => [...network.from, network]));
  return [...parts].reduce((sum, { isLoaded, sizeBytes }) => sum + (isLoaded ? 0 : sizeBytes), 0);
}

function bytesSpec({ title, model }: NetworkSpec, file: WeightsFile): KeptSpec<Uint8Array> {
  const { path, sha256, sizeBytes } = file;
  return {
    label: { name: basename(path), modelId: model.id, sha256, tier: "ram" },
    sizeBytes,
    load: () => readVerified(title, file),
  };
}

function sessionSpec(
  { model, file, external = {}, options, sessionBytes }: NetworkSpec,
  { from, thread }: { readonly from: readonly Kept<Uint8Array>[]; readonly thread: NetworkThread },
): KeptSpec<Network> {
  const fileBytes = from.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const names = Object.keys(external);
  return {
    label: { name: basename(file.path), modelId: model.id, sha256: file.sha256, tier: "session" },
    sizeBytes: sessionBytes ?? sessionBytesPerFileByte * fileBytes,
    from,
    load: async ([graph, ...parts]) => {
      assert(graph !== undefined, "a session is made of its file");
      const externalData = parts.map((data, at) => ({ path: names[at] ?? "", data }));
      return thread.create(graph, { ...options, ...(parts.length > 0 && { externalData }) });
    },
    dispose: (session) => session.release(),
  };
}
