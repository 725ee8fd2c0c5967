import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { assert } from "@heddle/core";
import {
  textToImagePartFile,
  type TextToImageModel,
  type TextToImagePart,
  type TextToImagePartName,
} from "@heddle/house-models";
import { InferenceSession, type Tensor } from "onnxruntime-node";

export interface NetworkPartsOptions {
  readonly model: TextToImageModel;
  /** The folder of `@heddle/house-models`. */
  readonly directory: string;
  /** CPU threads for one run of a network. */
  readonly threads: number;
}

export interface NetworkParts {
  /** Reads, checks and loads those of the parts that are not loaded; milliseconds that this call waited. */
  load(names: readonly TextToImagePartName[]): Promise<number>;
  /** Runs a part, which is loaded first where it is not; its only output. */
  run(name: TextToImagePartName, feeds: Readonly<Record<string, Tensor>>): Promise<Float32Array>;
  /** Frees the weights once what is being loaded has been; a later run loads them again. */
  close(): Promise<void>;
}

/**
 * The networks of a text-to-image model on the CPU.
 *
 * Owns one session a part, loaded when first needed, one after the other: while one is being made it holds its weights
 * twice. Everybody shares the sessions; a run holds the event loop, so runs take turns.
 */
export function createNetworkParts(options: NetworkPartsOptions): NetworkParts {
  const sessions = new Map<TextToImagePartName, InferenceSession>();
  /** The last of the loads and closes, which happen in order; never rejects. */
  let turn: Promise<void> = Promise.resolve();

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = turn.then(work);
    turn = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  async function sessionOf(name: TextToImagePartName): Promise<InferenceSession> {
    const loaded = sessions.get(name);
    if (loaded !== undefined) return loaded;
    return inTurn(async () => {
      const session = sessions.get(name) ?? (await openPart(options, name));
      sessions.set(name, session);
      return session;
    });
  }

  return {
    async load(names) {
      const before = performance.now();
      for (const name of names) await sessionOf(name);
      return performance.now() - before;
    },
    async run(name, feeds) {
      const outputs = await (await sessionOf(name)).run(feeds);
      const [output] = Object.values(outputs);
      assert(output?.data instanceof Float32Array, `${name} gives floats`);
      return output.data;
    },
    close: () =>
      inTurn(async () => {
        const opened = [...sessions.values()];
        sessions.clear();
        for (const session of opened) await session.release();
      }),
  };
}

async function openPart(
  { model, directory, threads }: NetworkPartsOptions,
  name: TextToImagePartName,
): Promise<InferenceSession> {
  const part = model.parts[name];
  const weights = await readVerified(textToImagePartFile(directory, part), part);
  return InferenceSession.create(weights, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    enableCpuMemArena: true,
    enableMemPattern: true,
    logSeverityLevel: 3,
    // Threads that wait by spinning starve each other where the cores are shared.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
}

async function readVerified(file: string, { sha256 }: TextToImagePart): Promise<Uint8Array> {
  const weights = await readFile(file).catch((cause: unknown) => {
    throw new Error(`The text-to-image weights cannot be read from ${file}`, { cause });
  });
  const found = createHash("sha256").update(weights).digest("hex");
  if (found !== sha256) {
    throw new Error(
      `The text-to-image weights in ${file} are damaged or of another version: expected SHA-256 ${sha256}, found ${found}`,
    );
  }
  return weights;
}
