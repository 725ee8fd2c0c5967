import { describe, expect, it } from "vitest";
import { currentTraceparent, describeSpan, inSpan, recordSpan } from "./spans.ts";
import { startTracing } from "./start-tracing.ts";

/* With an endpoint: e2e/start/traces.test.ts, on a receiver and real processes. */

describe("without an endpoint", () => {
  it("work is done as it would be, and belongs to no trace", async () => {
    const tracing = await startTracing({ app: "test", endpoint: undefined });
    const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const seen = await inSpan("work", { parent, attributes: { a: 1 } }, async () => {
      describeSpan({ b: 2 }, "renamed");
      recordSpan("part", 3);
      return currentTraceparent();
    });
    expect(seen).toBeUndefined();
    await expect(inSpan("fails", {}, () => Promise.reject(new Error("why")))).rejects.toThrow(
      "why",
    );
    await tracing.close();
  });
});
