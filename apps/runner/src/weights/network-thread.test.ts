import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { houseModelFile, houseUpscaler4x } from "@heddle/house-models";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { NetworkThread, type Network } from "./network-thread.ts";
import { cpuSessionOptions } from "./session-options.ts";

const directory = dirname(
  createRequire(import.meta.url).resolve("@heddle/house-models/package.json"),
);
const options = cpuSessionOptions(1);
let graph: Uint8Array;
beforeAll(async () => {
  graph = await readFile(houseModelFile(directory, houseUpscaler4x));
});

function picture(side: number): Tensor {
  const floats = Float32Array.from({ length: 3 * side * side }, (_, at) => Math.abs(Math.sin(at)));
  return new Tensor("float32", floats, [1, 3, side, side]);
}

async function run(network: Pick<Network, "run">, feed: Tensor): Promise<Tensor> {
  const output = (await network.run({ [houseUpscaler4x.input]: feed }))[houseUpscaler4x.output];
  if (output === undefined) throw new Error("there is an output");
  return output;
}

describe("a network in a thread", () => {
  it("computes what it computes in the process, bit for bit", async () => {
    const network = await new NetworkThread().create(graph, options);
    const session = await InferenceSession.create(graph, options);
    const [found, expected] = [await run(network, picture(24)), await run(session, picture(24))];
    expect(found.dims).toEqual([1, 3, 96, 96]);
    expect(found.data).toEqual(expected.data);
    await Promise.all([network.release(), session.release()]);
  });

  it("takes its feeds at once, and answers in the order in which it was asked", async () => {
    const network = await new NetworkThread().create(graph, options);
    const feed = picture(16);
    const expected = await run(network, picture(16));
    const order: number[] = [];
    const first = run(network, feed).finally(() => order.push(1));
    if (feed.data instanceof Float32Array) feed.data.fill(0);
    const second = run(network, feed).finally(() => order.push(2));
    expect((await first).data).toEqual(expected.data);
    expect((await second).data).not.toEqual(expected.data);
    expect(order).toEqual([1, 2]);
    await network.release();
  });

  it("leaves the process its event loop, and the networks of other threads their turn", async () => {
    const threads = [new NetworkThread(), new NetworkThread()];
    const [busy, free] = await Promise.all(threads.map((each) => each.create(graph, options)));
    if (busy === undefined || free === undefined) throw new Error("there are two");
    const ended: string[] = [];
    const long = run(busy, picture(256)).then(() => ended.push("long"));
    await new Promise((resolve) => setTimeout(resolve, 0));
    ended.push("timer");
    await run(free, picture(8)).then(() => ended.push("short"));
    await long;
    expect(ended).toEqual(["timer", "short", "long"]);
    await Promise.all([busy.release(), free.release()]);
  });

  it("says what is wrong with a file, an input or a network that was freed, and goes on", async () => {
    const thread = new NetworkThread();
    await expect(thread.create(Uint8Array.of(1, 2, 3), options)).rejects.toThrow(/protobuf/i);
    const network = await thread.create(graph, options);
    await expect(network.run({ nonsense: picture(8) })).rejects.toThrow(/input/i);
    expect((await run(network, picture(8))).dims).toEqual([1, 3, 32, 32]);
    await network.release();
    await expect(run(network, picture(8))).rejects.toThrow("was freed");
  });
});
