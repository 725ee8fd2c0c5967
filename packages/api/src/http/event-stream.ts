/**
 * An answer of server-sent events. The next frame is asked for when the client has taken the last one; when the client goes,
 * `onGone` is called and the frames are finished.
 */
export function eventStreamResponse(frames: AsyncGenerator<string>, onGone: () => void): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await frames.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: async () => {
      onGone();
      await frames.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // Compression and proxies would hold frames back.
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
