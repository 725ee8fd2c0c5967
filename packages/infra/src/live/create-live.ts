import { Client } from "pg";
import type { Log } from "../log.ts";

export const liveChannels = ["heddle_run", "heddle_ready", "heddle_progress"] as const;
export type LiveChannel = (typeof liveChannels)[number];

export interface LiveOptions {
  readonly databaseUrl: string;
  readonly log: Log;
}

/**
 * News between processes by Postgres LISTEN/NOTIFY: at most once, in order, payload below 8,000 bytes.
 * It only wakes; what happened is read from the tables.
 */
export interface Live {
  /** `onReconnect` is called after a gap in which news may have been missed: read the tables again. */
  subscribe(
    channel: LiveChannel,
    handler: (payload: string) => void,
    onReconnect?: () => void,
  ): () => void;
  publish(channel: LiveChannel, payload: string): Promise<void>;
  /** Resolves once the connection listens. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

interface Subscriber {
  readonly channel: LiveChannel;
  readonly handler: (payload: string) => void;
  readonly onReconnect: (() => void) | undefined;
}

const reconnectDelaysMs = [50, 200, 1_000, 2_000];

/** One connection for all subscribers of this process; it reconnects by itself. */
export function createLive(options: LiveOptions): Live {
  const connection = new LiveConnection(options);
  return {
    subscribe: (channel, handler, onReconnect) =>
      connection.subscribe({ channel, handler, onReconnect }),
    publish: (channel, payload) => connection.publish(channel, payload),
    ready: () => connection.ready(),
    close: () => connection.close(),
  };
}

/** Owns the client; `current` is replaced as a whole on reconnect, so a caller holds either the old one or the new. */
class LiveConnection {
  readonly #options: LiveOptions;
  readonly #subscribers = new Set<Subscriber>();
  #current: Promise<Client>;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#current = this.#connect(0);
  }

  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => void this.#subscribers.delete(subscriber);
  }

  async publish(channel: LiveChannel, payload: string): Promise<void> {
    const client = await this.#current;
    await client.query("SELECT pg_notify($1, $2)", [channel, payload]);
  }

  async ready(): Promise<void> {
    await this.#current;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    const client = await this.#current.catch(() => undefined);
    await client?.end();
  }

  #connect(attempt: number): Promise<Client> {
    const connecting = this.#open();
    connecting.then(
      () => {
        if (attempt > 0) for (const { onReconnect } of this.#subscribers) onReconnect?.();
      },
      (error: unknown) => {
        this.#options.log.warn({ err: error }, "cannot listen to the database; trying again");
        this.#reconnect(attempt + 1);
      },
    );
    return connecting;
  }

  async #open(): Promise<Client> {
    const client = new Client({ connectionString: this.#options.databaseUrl, keepAlive: true });
    client.on("notification", ({ channel, payload }) => this.#deliver(channel, payload ?? ""));
    await client.connect();
    client.on("error", (error) =>
      this.#options.log.warn({ err: error }, "the live connection broke"),
    );
    client.on("end", () => this.#reconnect(1));
    for (const channel of liveChannels) await client.query(`LISTEN ${channel}`);
    return client;
  }

  #deliver(channel: string, payload: string): void {
    for (const subscriber of this.#subscribers) {
      if (subscriber.channel === channel) subscriber.handler(payload);
    }
  }

  #reconnect(attempt: number): void {
    if (this.#closed) return;
    const delayMs = reconnectDelaysMs[Math.min(attempt, reconnectDelaysMs.length) - 1] ?? 2_000;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      if (!this.#closed) this.#current = this.#connect(attempt);
    }, delayMs);
  }
}
