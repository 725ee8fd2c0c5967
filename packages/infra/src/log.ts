import { pino, type Logger } from "pino";

export type Log = Logger;

export interface LogOptions {
  /** `web`, `orchestrator`, `runner` */
  readonly app: string;
  readonly level: string;
}

/** Structured log, one JSON object a line on standard output; secrets never reach it. */
export function createLog({ app, level }: LogOptions): Log {
  return pino({
    level,
    base: { app },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        "authorization",
        "*.authorization",
        "headers.authorization",
        "headers.cookie",
        "*.token",
        "*.secret",
      ],
      censor: "[redacted]",
    },
  });
}
