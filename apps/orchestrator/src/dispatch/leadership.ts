import { setMaxListeners } from "node:events";
import { createDispatcherLock, type DispatcherLock } from "@heddle/db";
import type { Log } from "@heddle/infra";
import { here } from "../http/listen.ts";
import { repeat, type Repeated } from "../repeat.ts";

export interface LeadershipOptions {
  readonly databaseUrl: string;
  /** Called before anything is dispatched; when it throws, this process does not lead. */
  readonly onLead: () => Promise<void>;
  readonly onLost: () => void;
  readonly log: Log;
}

/** Of all runners. */
const pool = "default";
const everyMs = 1_000;
const hangsAfterMs = 4_000;

/** Whether this orchestrator is the dispatcher of the pool, and who is otherwise. */
export class Leadership {
  readonly #options: LeadershipOptions;
  #lock: DispatcherLock | undefined;
  #attempts: Repeated | undefined;
  #place: string | null = null;
  #moved = new AbortController();
  /** The leader gives the same address as this one. */
  #isNamesake = false;

  constructor(options: LeadershipOptions) {
    this.#options = options;
  }

  /** `here`, the address of the leader, or null: not known. */
  get place(): string | null {
    return this.#place;
  }

  /** Aborted when the place is another: who waits for an answer from there has to ask anew. */
  get moved(): AbortSignal {
    return this.#moved.signal;
  }

  /** Tries to lead, now and every second; resolves after the first try. `url`: where the others find this one. */
  async start(url: string): Promise<void> {
    const { databaseUrl } = this.#options;
    const lock = createDispatcherLock({ databaseUrl, pool, url, hangsAfterMs });
    this.#lock = lock;
    await this.#attempt(lock, url);
    this.#attempts = repeat(everyMs, () => this.#attempt(lock, url));
  }

  async stop(): Promise<void> {
    await this.#attempts?.stop();
    await this.#lock?.release();
  }

  async #attempt(lock: DispatcherLock, url: string): Promise<void> {
    const { onLead, log } = this.#options;
    try {
      if (!(await lock.hold())) return this.#follow(await lock.leaderUrl(), url);
      if (this.#place === here) return;
      await onLead();
      this.#move(here);
      log.info("this orchestrator dispatches");
    } catch (error) {
      log.warn({ err: error }, "whether this orchestrator dispatches is not known");
      this.#stand(null);
      await lock.release();
    }
  }

  /** What is passed on to an address that two have in common would never arrive. */
  #follow(leaderUrl: string | null, url: string): void {
    if (leaderUrl === url && !this.#isNamesake)
      this.#options.log.error(
        { url },
        "the orchestrator that dispatches has the same address as this one: set ORCHESTRATOR_ADVERTISED_URL for each",
      );
    this.#isNamesake = leaderUrl === url;
    this.#stand(this.#isNamesake ? null : leaderUrl);
  }

  #move(place: string | null): void {
    if (place === this.#place) return;
    this.#place = place;
    this.#moved.abort();
    this.#moved = new AbortController();
    // Every request that is passed on listens to it.
    setMaxListeners(0, this.#moved.signal);
  }

  #stand(place: string | null): void {
    const led = this.#place === here;
    this.#move(place);
    if (!led) return;
    this.#options.log.warn("this orchestrator dispatches no longer");
    this.#options.onLost();
  }
}
