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

export interface Autosave {
  /** Something was edited. */
  readonly changed: () => void;
  /** Saves now and waits until the server has everything; throws when it cannot be had. */
  readonly flush: () => Promise<void>;
  /** Tries again at once, after being offline. */
  readonly retry: () => void;
  /** After a conflict: what is on the page is now based on their revision. */
  readonly resume: (revision: number) => void;
  readonly revision: () => number;
  readonly stop: () => void;
}

const retryMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Equal for documents that mean the same, whatever the order of their keys. */
export function fingerprintOf(document: Document): string {
  return sha256Hex(canonicalJson(document));
}

/**
 * Sends the document after every change, one save at a time, each based on the revision before it. State: one timer, one
 * save in flight, the last revision that the server told.
 */
export function createAutosave(options: AutosaveOptions): Autosave {
  const { quietMs = 400 } = options;
  let revision = options.revision;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let inFlight: Promise<void> | null = null;
  let failures = 0;
  let state: SaveState = options.initial ?? { kind: "saved" };
  let stopped = false;

  const enter = (next: SaveState) => {
    state = next;
    if (!stopped) options.onState(next);
  };
  const schedule = (ms: number) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void send(), ms);
  };
  const send = (): Promise<void> => {
    clearTimeout(timer);
    inFlight ??= sendOnce().finally(() => {
      inFlight = null;
    });
    return inFlight;
  };
  const sendOnce = async () => {
    if (state.kind === "conflict") return;
    const { document, pending } = options.current();
    if (pending === 0) return enter({ kind: "saved" });
    options.onSend(fingerprintOf(document));
    const base = revision;
    try {
      const answer = await options.save(base, document);
      failures = 0;
      if (!answer.ok && fingerprintOf(answer.document) !== fingerprintOf(document)) {
        return enter({ kind: "conflict", theirs: answer.document, revision: answer.revision });
      }
      revision = answer.revision;
      options.onAcknowledged(pending, revision);
      if (options.current().pending > 0) schedule(quietMs);
      else enter({ kind: "saved" });
    } catch (error) {
      const message = options.refusal(error);
      if (message !== null) return enter({ kind: "refused", message });
      enter({ kind: "offline" });
      schedule(retryMs[Math.min(failures, retryMs.length - 1)] ?? 15_000);
      failures += 1;
    }
  };

  return {
    changed: () => {
      if (state.kind === "conflict") return;
      if (state.kind === "offline") return;
      enter({ kind: "saving" });
      schedule(quietMs);
    },
    flush: async () => {
      while (options.current().pending > 0) {
        await send();
        if (state.kind === "refused") throw new Error(state.message);
        if (state.kind === "offline") throw new Error("The server does not answer. Your changes are kept here.");
        if (state.kind === "conflict") throw new Error("This workflow was changed elsewhere. Choose what to keep first.");
      }
    },
    retry: () => {
      if (state.kind === "offline") schedule(0);
    },
    resume: (next) => {
      revision = next;
      enter({ kind: "saving" });
      schedule(0);
    },
    revision: () => revision,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
