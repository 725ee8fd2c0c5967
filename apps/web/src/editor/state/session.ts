import type { WorkflowDetail } from "@heddle/api";
import { catalog } from "@heddle/catalog";
import { isTerminalRun, type Json } from "@heddle/core";
import { createStore, type StoreApi } from "zustand/vanilla";
import { type ApiClient, isApiError } from "../../trpc.tsx";
import { Autosave, type SaveState } from "./autosave.ts";
import { createDocumentStore, type DocumentStore } from "./document-store.ts";
import { createDraftWriter, type Draft, type DraftStorage } from "./draft-storage.ts";
import { type OpenedDocument, openDraft } from "./open-draft.ts";
import { createPreviewStore, type PreviewStore } from "./preview-store.ts";
import { createProblemStore, type ProblemStore } from "./problem-store.ts";
import { createRunsStore, type RunsStore } from "./runs-store.ts";
import { createUiStore, type UiStore } from "./ui-store.ts";

/** Everything that one open workflow consists of; made when it is opened, stopped when it is left. */
export interface EditorSession {
  readonly workflow: WorkflowDetail;
  readonly client: ApiClient;
  readonly doc: DocumentStore;
  readonly saveState: StoreApi<SaveState>;
  readonly autosave: Autosave;
  readonly runs: RunsStore;
  readonly preview: PreviewStore;
  readonly problems: ProblemStore;
  readonly ui: UiStore;
  /** A row of changes to one parameter is one step of undo, until `doc.endMerge`. */
  readonly setParam: (nodeId: string, name: string, value: Json) => void;
  /** Starts what needs the page: timers, streams, listeners. Returns what ends them. */
  readonly start: () => () => void;
}

export interface SessionOptions {
  readonly client: ApiClient;
  readonly workflow: WorkflowDetail;
  readonly draft: Draft | null;
  readonly storage: DraftStorage;
  /** A run of this workflow ended. */
  readonly onRunEnd: () => void;
}

/** Nodes show results of the newest runs; older ones are in the filmstrip. */
const loadedRuns = 4;

export function createSession(options: SessionOptions): EditorSession {
  const { client, workflow, draft } = options;
  const opened = openDraft(workflow, draft);
  const doc = createDocumentStore(catalog, opened.start);
  const document = () => doc.getState().document;
  const saving = createSaving(options, doc, opened);
  const preview = createPreviewStore({
    document,
    preview: (now, targets) =>
      client.run.preview.query({
        document: now,
        ...(targets !== undefined && { targets: [...targets] }),
      }),
  });
  const runs = createRunsStore({
    read: (id) => client.run.get.query({ id }),
    onEnd: () => {
      preview.refresh();
      options.onRunEnd();
    },
  });
  const problems = createProblemStore(catalog, document);
  const ui = createUiStore();
  const setParam = (nodeId: string, name: string, value: Json) =>
    doc.edit(
      { type: "setParams", nodeId, params: { [name]: value } },
      { merge: `param ${nodeId} ${name}` },
    );
  const { keep, ...save } = saving;
  const session = { workflow, client, doc, ...save, runs, preview, problems, ui, setParam };
  return { ...session, start: () => startSession(session, { keep, conflict: opened.conflict }) };
}

interface Saving {
  readonly saveState: StoreApi<SaveState>;
  readonly autosave: Autosave;
  /** Writes the draft. */
  readonly keep: () => void;
}

/** Saves to the server, and to this browser until the server has it. */
function createSaving(options: SessionOptions, doc: DocumentStore, opened: OpenedDocument): Saving {
  const { client, workflow, draft, storage } = options;
  const initial: SaveState = opened.conflict
    ? { kind: "conflict", theirs: workflow.document, revision: workflow.revision }
    : { kind: "saved" };
  const saveState = createStore<SaveState>(() => initial);
  const write = createDraftWriter(storage, workflow.id);
  let sentFingerprint = draft?.sentFingerprint ?? null;
  let baseRevision = opened.conflict ? (draft?.baseRevision ?? workflow.revision) : opened.revision;
  const keep = () => {
    const { document, pending, past, future } = doc.getState();
    write({ baseRevision, document, pending, past, future, sentFingerprint });
  };
  const autosave = new Autosave({
    revision: opened.revision,
    initial,
    save: (base, document) =>
      client.workflow.save.mutate({ id: workflow.id, baseRevision: base, document }),
    refusal: refusalOf,
    current: () => ({ document: doc.getState().document, pending: doc.getState().pending.length }),
    onSend: (fingerprint) => {
      sentFingerprint = fingerprint;
      keep();
    },
    onAcknowledged: (count, revision) => {
      baseRevision = revision;
      doc.acknowledge(count);
      keep();
    },
    onState: (state) => saveState.setState(state, true),
  });
  return { saveState, autosave, keep };
}

type Parts = Omit<EditorSession, "start">;

function startSession(
  parts: Parts,
  { keep, conflict }: { readonly keep: () => void; readonly conflict: boolean },
): () => void {
  const { doc, autosave, runs, preview, problems, client, workflow } = parts;
  const unsubscribe = doc.subscribe((state, before) => {
    if (state.document === before.document) return;
    keep();
    preview.refresh();
    problems.refresh();
    if (state.pending !== before.pending && state.pending.length > 0) autosave.changed();
  });
  preview.refresh();
  if (doc.getState().pending.length > 0 && !conflict) autosave.changed();
  void loadRuns(client, workflow.id, runs);
  const retry = () => autosave.retry();
  window.addEventListener("online", retry);
  window.addEventListener("focus", retry);
  return () => {
    unsubscribe();
    window.removeEventListener("online", retry);
    window.removeEventListener("focus", retry);
    autosave.stop();
    runs.stop();
    preview.stop();
    problems.stop();
  };
}

/** Newest last, so that nodes end up with their newest results; what is under way is followed. */
async function loadRuns(client: ApiClient, workflowId: string, runs: RunsStore): Promise<void> {
  const page = await client.run.list.query({ workflowId, limit: 20 }).catch(() => null);
  const items = page?.items ?? [];
  const wanted = items.filter((run, index) => index < loadedRuns || !isTerminalRun(run.status));
  const details = await Promise.all(
    wanted.map(({ id }) => client.run.get.query({ id }).catch(() => null)),
  );
  for (const detail of details.toReversed()) if (detail !== null) runs.track(detail);
}

/** Why the server refuses; null: it could not be asked, or has trouble of its own. */
export function refusalOf(error: unknown): string | null {
  if (!isApiError(error)) return null;
  const status = error.data?.httpStatus;
  return status !== undefined && status >= 400 && status < 500 && status !== 429
    ? error.message
    : null;
}
