// The inside of `network-thread.ts`: holds sessions of onnxruntime, which computes on the thread that calls it.
import { parentPort } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";

/**
 * @import { ThreadAnswer, ThreadAsk, ThreadTensors } from "./network-thread.ts"
 */

/** @type {Map<number, InferenceSession>} */
const sessions = new Map();

/** One after the other, in the order in which they were asked. */
let turn = Promise.resolve();

parentPort?.on("message", (/** @type {ThreadAsk} */ ask) => {
  turn = turn.then(() => answer(ask));
});

/** @param {ThreadAsk} ask */
async function answer(ask) {
  try {
    post({ id: ask.id, outputs: await work(ask) });
  } catch (error) {
    post({ id: ask.id, error: error instanceof Error ? error.message : String(error) });
  }
}

/** @param {ThreadAsk} ask @returns {Promise<ThreadTensors>} */
async function work(ask) {
  if (ask.kind === "create") {
    sessions.set(ask.session, await InferenceSession.create(ask.graph, ask.options));
    return {};
  }
  const session = sessions.get(ask.session);
  if (session === undefined) throw new Error("The network was freed.");
  if (ask.kind === "release") {
    sessions.delete(ask.session);
    await session.release();
    return {};
  }
  const feeds = Object.entries(ask.feeds).map(([name, { type, data, dims }]) => [
    name,
    new Tensor(type, data, dims),
  ]);
  const outputs = Object.entries(await session.run(Object.fromEntries(feeds)));
  return Object.fromEntries(
    outputs.map(([name, { type, data, dims }]) => [name, { type, data, dims }]),
  );
}

/** @param {ThreadAnswer} message */
function post(message) {
  const tensors = Object.values("outputs" in message ? message.outputs : {});
  // Handed over, not copied.
  parentPort?.postMessage(
    message,
    tensors.flatMap(({ data }) =>
      "buffer" in data && data.buffer instanceof ArrayBuffer ? [data.buffer] : [],
    ),
  );
}
