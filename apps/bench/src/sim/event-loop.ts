import { KeyedHeap } from "@heddle/core";
import type { SimRequest } from "./traffic.ts";

interface Event {
  readonly atMs: number;
  readonly number: number;
  readonly run: (nowMs: number) => void;
}

/** What became of a request. */
export interface Outcome {
  readonly request: SimRequest;
  readonly startMs: number;
  readonly endMs: number;
  /** Device time that it waited for weights, ms. */
  readonly loadMs: number;
}

/** A way to serve requests. It is told of each as it comes, and tells the clock what it wants to be told later. */
export interface Server {
  readonly arrive: (request: SimRequest, nowMs: number) => void;
}

/** Time that jumps from event to event; events at one moment run in the order in which they were set. */
export class Clock {
  readonly outcomes: Outcome[] = [];
  readonly #events = new KeyedHeap<number, Event>(
    (first, second) => first.atMs - second.atMs || first.number - second.number,
  );
  #count = 0;

  at(atMs: number, run: (nowMs: number) => void): void {
    this.#count += 1;
    this.#events.set(this.#count, { atMs, number: this.#count, run });
  }

  /** Lets the requests arrive, and runs until nothing is left to do, or until `isEnough` of what has happened. */
  play(
    requests: readonly SimRequest[],
    server: Server,
    isEnough: (last: Outcome) => boolean = () => false,
  ): Outcome[] {
    let seen = 0;
    const arrive = (place: number) => {
      const request = requests[place];
      if (request === undefined) return;
      this.at(request.atMs, (nowMs) => {
        arrive(place + 1);
        server.arrive(request, nowMs);
      });
    };
    arrive(0);
    for (let event = this.#events.peek(); event !== undefined; event = this.#events.peek()) {
      this.#events.delete(event.number);
      event.run(event.atMs);
      const last = this.outcomes[seen];
      if (last === undefined) continue;
      seen += 1;
      if (isEnough(last)) break;
    }
    return this.outcomes;
  }
}
