import { expect, it } from "vitest";

const count = () => [
  process.listenerCount("uncaughtException"),
  process.listenerCount("unhandledRejection"),
];

it("loading the encoder leaves it to the process what becomes of errors that nobody caught", async () => {
  const before = count();
  const { createH264MP4Encoder } = await import("./h264-encoder.ts");
  (await createH264MP4Encoder()).delete();
  expect(count()).toEqual(before);
});
