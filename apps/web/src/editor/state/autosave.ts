import { canonicalJson, type Document, sha256Hex } from "@heddle/core";

export type SaveState =
  | { readonly kind: "saved" }
  /** Changes are on their way; the words appear only after a while. */
  | { readonly kind: "saving" }
  /** The server does not answer; changes are kept in this browser and tried again. */
  | { readonly kind: "offline" }
  /** Somebody else saved first: nothing is sent until the person has chosen. */
  | { readonly kind: "conflict"; readonly theirs: Document; readonly revision: number }
  /** The server refuses the document; trying again would not help. */
  | { readonly kind: "refused"; readonly message: string };

export type SaveAnswer =
  | { readonly ok: true; readonly revision: number }
  | { readonly ok: false; readonly revision: number; readonly document: Document };

export interface AutosaveOptions {
  readonly save: (baseRevision: number, document: Document) => Promise<SaveAnswer>;
  /** Whether an error is the server's refusal; anything else counts as being offline. Null: offline. */
  readonly refusal: (error: unknown) => string | null;
  /** The document as it is now, and how many edits the server has not got. */
  readonly current: () => { readonly document: Document; readonly pending: number };
  /** The server has this many of the pending edits. */
  readonly onAcknowledged: (count: number, revision: number) => void;
  readonly onState: (state: SaveState) => void;
  /** Called before a document is sent, so that a lost answer can be recognised after a reload. */
  readonly onSend: (fingerprint: string) => void;
  readonly revision: number;
  /** `conflict`: nothing is sent until `resume`. */
  readonly initial?: SaveState;
  /** Milliseconds of quiet before a save; at most 500. */
  readonly quietMs?: number;
}

/**
 * Sends the document after every change, one save at a time, each based on the revision before it. State: one timer, one
 * save in flight, the last revision that the server told.
 */
export class Autosave {
  readonly #options: AutosaveOptions;
  #revision: number;
  #state: SaveState;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #inFlight: Promise<void> | null = null;
  #failures = 0;
  #stopped = false;

  constructor(options: AutosaveOptions) {
    this.#options = options;
    this.#revision = options.revision;
    this.#state = options.initial ?? { kind: "saved" };
  }

  /** Something was edited. */
  changed(): void {
    const { kind } = this.#state;
    if (kind === "conflict" || kind === "offline") return;
    this.#enter({ kind: "saving" });
    this.#schedule(this.#quietMs);
  }

  /** Saves now and waits until the server has everything; throws when it cannot be had. */
  async flush(): Promise<void> {
    while (this.#options.current().pending > 0) {
      await this.#send();
      const problem = problemOf(this.#state);
      if (problem !== null) throw new Error(problem);
    }
  }

  /** Tries again at once, after being offline. */
  retry(): void {
    if (this.#state.kind === "offline") this.#schedule(0);
  }

  /** After a conflict: what is on the page is now based on their revision. */
  resume(revision: number): void {
    this.#revision = revision;
    this.#enter({ kind: "saving" });
    this.#schedule(0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  get #quietMs(): number {
    return this.#options.quietMs ?? 400;
  }

  #enter(state: SaveState): void {
    this.#state = state;
    if (!this.#stopped) this.#options.onState(state);
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#send(), ms);
  }

  #send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#inFlight ??= this.#sendOnce().finally(() => {
      this.#inFlight = null;
    });
    return this.#inFlight;
  }

  async #sendOnce(): Promise<void> {
    const { current, onSend, save, refusal } = this.#options;
    if (this.#state.kind === "conflict") return;
    const { document, pending } = current();
    if (pending === 0) return this.#enter({ kind: "saved" });
    const sent = fingerprintOf(document);
    onSend(sent);
    try {
      const answer = await save(this.#revision, document);
      this.#failures = 0;
      this.#take(answer, { pending, sent });
    } catch (error) {
      const message = refusal(error);
      if (message !== null) return this.#enter({ kind: "refused", message });
      this.#enter({ kind: "offline" });
      this.#schedule(retryMs[Math.min(this.#failures, retryMs.length - 1)] ?? 15_000);
      this.#failures += 1;
    }
  }

  #take(
    answer: SaveAnswer,
    { pending, sent }: { readonly pending: number; readonly sent: string },
  ): void {
    // What they have is what was sent: an earlier answer got lost on its way.
    if (!answer.ok && fingerprintOf(answer.document) !== sent) {
      return this.#enter({ kind: "conflict", theirs: answer.document, revision: answer.revision });
    }
    this.#revision = answer.revision;
    this.#options.onAcknowledged(pending, answer.revision);
    if (this.#options.current().pending === 0) return this.#enter({ kind: "saved" });
    this.#enter({ kind: "saving" });
    this.#schedule(this.#quietMs);
  }
}

function problemOf(state: SaveState): string | null {
  if (state.kind === "refused") return state.message;
  if (state.kind === "offline") return "The server does not answer. Your changes are kept here.";
  return state.kind === "conflict"
    ? "This workflow was changed elsewhere. Choose what to keep first."
    : null;
}

const retryMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Equal for documents that mean the same, whatever the order of their keys. */
export function fingerprintOf(document: Document): string {
  return sha256Hex(canonicalJson(document));
}
