import { createRequire } from "node:module";
import type * as Encoding from "h264-mp4-encoder";

/**
 * The H.264 encoder (WebAssembly). Loading it makes it listen for every error of the process that nobody caught, only to
 * throw it again from a line of a megabyte, which then stands in the log before the error: so it is made to stop listening.
 */
function load(): typeof Encoding {
  const uncaught = process.listeners("uncaughtException");
  const unhandled = process.listeners("unhandledRejection");
  const encoding: typeof Encoding = createRequire(import.meta.url)("h264-mp4-encoder");
  for (const listener of process.listeners("uncaughtException"))
    if (!uncaught.includes(listener)) process.off("uncaughtException", listener);
  for (const listener of process.listeners("unhandledRejection"))
    if (!unhandled.includes(listener)) process.off("unhandledRejection", listener);
  return encoding;
}

export const { createH264MP4Encoder } = load();
