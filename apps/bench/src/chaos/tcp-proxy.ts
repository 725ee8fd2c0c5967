import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * What happens to the bytes that come by:
 *
 * - `pass`: they go on
 * - `delay`: they go on `ms` milliseconds later, both ways, in order
 * - `reset`: every connection, open or new, is cut with a reset
 * - `half-open`: connections are accepted and stay open, and nothing goes on in either direction
 * - `drop-answer`: what the client says goes on; the answer to whatever holds the bytes `after` is swallowed, and its
 *   connection is reset: the client never knows whether the server has done it
 */
export type ProxyMode =
  | { readonly kind: "pass" }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "reset" }
  | { readonly kind: "half-open" }
  | { readonly kind: "drop-answer"; readonly after: string };

export interface TcpProxy {
  readonly port: number;
  /** Takes effect at once, also for connections that are open. What `half-open` held back goes on with `pass`. */
  set(mode: ProxyMode): void;
  /** Answers that were swallowed since the start. */
  dropped(): number;
  close(): Promise<void>;
}

/** Stands between clients and the server at 127.0.0.1:`targetPort`, at a free port of its own. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const links = new Set<Link>();
  let mode: ProxyMode = { kind: "pass" };
  let dropped = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (mode.kind === "reset") return void client.on("error", () => {}).resetAndDestroy();
    const link = new Link(client, targetPort, {
      mode: () => mode,
      onDropped: () => (dropped += 1),
      onEnd: () => links.delete(link),
    });
    links.add(link);
  });
  const port = await listen(server);
  return {
    port,
    set: (next) => {
      mode = next;
      for (const link of links) link.changed();
    },
    dropped: () => dropped,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const link of links) link.cut();
      await closed;
    },
  };
}

interface LinkHooks {
  readonly mode: () => ProxyMode;
  readonly onDropped: () => void;
  readonly onEnd: () => void;
}

/** One client and its connection to the server. It owns both sockets. */
class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #hooks: LinkHooks;
  /** The client has sent what its answer is to be swallowed for. */
  #marked = false;
  #swallowing = false;
  #last = "";

  constructor(client: Socket, targetPort: number, hooks: LinkHooks) {
    this.#client = client;
    this.#server = connect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true });
    this.#hooks = hooks;
    for (const socket of [this.#client, this.#server]) {
      socket.setNoDelay(true);
      socket.on("error", () => this.cut());
      socket.on("close", () => this.#ended(socket));
    }
    this.#carry(this.#client, this.#server, (chunk) => this.#hear(chunk));
    this.#carry(this.#server, this.#client, () => this.#swallows());
    this.changed();
  }

  /** The mode is another one now. */
  changed(): void {
    const { kind } = this.#hooks.mode();
    if (kind === "reset") return this.cut();
    for (const socket of [this.#client, this.#server]) {
      if (kind === "half-open") socket.pause();
      else socket.resume();
    }
  }

  cut(): void {
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  /** `keeps` is asked for every chunk: true: it does not go on. */
  #carry(from: Socket, to: Socket, keeps: (chunk: Buffer) => boolean): void {
    from.on("data", (chunk: Buffer) => {
      if (keeps(chunk)) return;
      this.#later(() => {
        if (to.destroyed || to.write(chunk)) return;
        from.pause();
        to.once("drain", () => this.changed());
      });
    });
    from.on("end", () => this.#later(() => to.end()));
  }

  #later(act: () => void): void {
    const mode = this.#hooks.mode();
    if (mode.kind === "delay") setTimeout(act, mode.ms);
    else act();
  }

  /** Looks for the mark also where two chunks meet. */
  #hear(chunk: Buffer): boolean {
    const mode = this.#hooks.mode();
    if (mode.kind !== "drop-answer") return false;
    const text = this.#last + chunk.toString("latin1");
    this.#marked ||= text.includes(mode.after);
    this.#last = text.slice(-mode.after.length);
    return false;
  }

  #swallows(): boolean {
    if (this.#swallowing) return true;
    if (!this.#marked || this.#hooks.mode().kind !== "drop-answer") return false;
    this.#swallowing = true;
    this.#hooks.onDropped();
    // The server hears the end of what was asked, and comes to it: what was on its way is done.
    this.#server.end();
    this.#client.resetAndDestroy();
    return true;
  }

  #ended(socket: Socket): void {
    if (this.#swallowing && socket === this.#client) return;
    this.#client.destroy();
    this.#server.destroy();
    this.#hooks.onEnd();
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port");
  return address.port;
}
