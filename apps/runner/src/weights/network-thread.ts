import { Worker } from "node:worker_threads";
import { Tensor, type InferenceSession } from "onnxruntime-node";

/** A loaded ONNX network. Its runs are taken in the order in which they are asked for. */
export interface Network {
  /** All outputs, by name. The feeds are copied at once, so that they may be written again. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  /** Frees it; later runs are refused. */
  release(): Promise<void>;
}

/** A tensor without its class, as it goes from thread to thread. */
export type ThreadTensors = Readonly<Record<string, Pick<Tensor, "type" | "data" | "dims">>>;

type Work =
  | {
      readonly kind: "create";
      readonly graph: Uint8Array;
      readonly options: InferenceSession.SessionOptions;
    }
  | { readonly kind: "run"; readonly feeds: ThreadTensors }
  | { readonly kind: "release" };

export type ThreadAsk = Work & {
  readonly id: number;
  /** Number of the network among those of the thread. */
  readonly session: number;
};

export type ThreadAnswer = { readonly id: number } & (
  | { readonly outputs: ThreadTensors }
  | { readonly error: string }
);

interface Asked {
  readonly resolve: (outputs: ThreadTensors) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread on which networks run, since onnxruntime computes on the thread that calls it: meanwhile the process hears its
 * server, and the networks of other threads run. Owns the thread, which is started by the first network and does not
 * keep the process alive when nothing is asked. If it breaks, so does the process.
 */
export class NetworkThread {
  #worker: Worker | undefined;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;

  /** `graph`: the bytes of an ONNX file. Throws what onnxruntime says of bytes that are none. */
  async create(graph: Uint8Array, options: InferenceSession.SessionOptions): Promise<Network> {
    this.#lastId += 1;
    const session = this.#lastId;
    await this.#ask(session, { kind: "create", graph, options });
    return {
      run: async (feeds) => {
        const outputs = await this.#ask(session, { kind: "run", feeds: withoutClass(feeds) });
        return Object.fromEntries(
          Object.entries(outputs).map(([name, { type, data, dims }]) => [
            name,
            new Tensor(type, data, dims),
          ]),
        );
      },
      release: async () => {
        await this.#ask(session, { kind: "release" });
      },
    };
  }

  #ask(session: number, work: Work): Promise<ThreadTensors> {
    const worker = (this.#worker ??= this.#start());
    this.#lastId += 1;
    const ask: ThreadAsk = { ...work, id: this.#lastId, session };
    return new Promise((resolve, reject) => {
      worker.postMessage(ask);
      this.#asked.set(ask.id, { resolve, reject });
      worker.ref();
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL("./session-thread.mjs", import.meta.url));
    worker.on("message", (answer: ThreadAnswer) => {
      const asked = this.#asked.get(answer.id);
      this.#asked.delete(answer.id);
      if (this.#asked.size === 0) worker.unref();
      if ("error" in answer) asked?.reject(new Error(answer.error));
      else asked?.resolve(answer.outputs);
    });
    return worker;
  }
}

function withoutClass(feeds: Readonly<Record<string, Tensor>>): ThreadTensors {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => [name, { type, data, dims }]),
  );
}
