import { expect, it } from "vitest";
import { createRegistry } from "./create-registry.ts";
import { serveMetrics } from "./serve-metrics.ts";

it("serves what Prometheus reads, at /metrics and nowhere else, until it is closed", async () => {
  const registry = createRegistry("runner");
  const server = await serveMetrics({ registry, host: "127.0.0.1", port: 0 });
  const answer = await fetch(server.url);
  expect(answer.headers.get("content-type")).toContain("text/plain");
  expect(await answer.text()).toMatch(/^process_resident_memory_bytes\{app="runner"\} \d+/m);
  expect((await fetch(new URL("/", server.url))).status).toBe(404);
  expect((await fetch(server.url, { method: "POST" })).status).toBe(404);
  await expect(
    serveMetrics({ registry, host: "127.0.0.1", port: Number(new URL(server.url).port) }),
  ).rejects.toThrow("EADDRINUSE");
  await server.close();
  await expect(fetch(server.url)).rejects.toThrow("fetch failed");
});
