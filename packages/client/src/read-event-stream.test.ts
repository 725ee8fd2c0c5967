import { describe, expect, it } from "vitest";
import { readEventStream, type ServerSentEvent } from "./read-event-stream.ts";

async function read(...chunks: string[]): Promise<ServerSentEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  const events: ServerSentEvent[] = [];
  for await (const event of readEventStream(body)) events.push(event);
  return events;
}

describe("readEventStream", () => {
  it("gives the frames of a stream, however it is cut", async () => {
    const text = 'id: 1\nevent: step\ndata: {"a":\ndata: 1}\n\n: ping\n\ndata:x\n\n';
    const expected = [
      { id: "1", event: "step", data: '{"a":\n1}' },
      { id: null, event: "message", data: "x" },
    ];
    expect(await read(text)).toEqual(expected);
    expect(await read(...text.split(""))).toEqual(expected);
  });

  it("takes CR LF as the end of a line", async () => {
    expect(await read("event: a\r\ndata: 1\r\n\r\n")).toEqual([
      { id: null, event: "a", data: "1" },
    ]);
  });

  it("leaves out a frame that was cut off", async () => {
    expect(await read("data: 1\n\ndata: 2")).toEqual([{ id: null, event: "message", data: "1" }]);
  });
});
