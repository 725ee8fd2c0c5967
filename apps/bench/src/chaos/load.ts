import { setTimeout } from "node:timers/promises";
import { submit, type Accepted } from "./client.ts";
import type { Cluster } from "./cluster.ts";
import { tinyWorkflow } from "./workflow.ts";

export interface LoadOptions {
  readonly runs: number;
  /** Runs that arrive in a second, evenly. */
  readonly perSecond: number;
  /** Tells the keys of this load from those of others. */
  readonly name: string;
}

export interface Load {
  /** Accepted so far. */
  readonly accepted: readonly Accepted[];
  /** Refused for good, or never accepted: in words. */
  readonly refused: readonly string[];
  /** Resolves when every run was accepted or refused. */
  readonly sent: Promise<void>;
  /** False: `sent` has resolved. */
  isSending(): boolean;
}

let nextNumber = 0;

/** Sends runs through REST, open-loop: who arrives does not wait for who came before. */
export function startLoad(cluster: Cluster, { runs, perSecond, name }: LoadOptions): Load {
  const accepted: Accepted[] = [];
  const refused: string[] = [];
  let sending = true;
  const send = async (index: number) => {
    await setTimeout((index * 1000) / perSecond);
    const document = tinyWorkflow(cluster.photo, nextNumber++);
    try {
      accepted.push(await submit(cluster.webUrl, { key: `${name}-${index}`, document }));
    } catch (error) {
      refused.push(String(error));
    }
  };
  const sent = Promise.all(Array.from({ length: runs }, (_, index) => send(index))).then(() => {
    sending = false;
  });
  return { accepted, refused, sent, isSending: () => sending };
}
