import { applyEdit, type Catalog, type Document, type Edit } from "@heddle/core";
import { createStore, type StoreApi } from "zustand/vanilla";

/** One step of undo: `edit` does it again, `inverse` takes it back. */
export interface HistoryEntry {
  readonly edit: Edit;
  readonly inverse: Edit;
  readonly merge: string | null;
}

export interface DocumentState {
  readonly document: Document;
  readonly past: readonly HistoryEntry[];
  readonly future: readonly HistoryEntry[];
  /** Everything done since the server last took the document, in order; replayed when two people edited. */
  readonly pending: readonly Edit[];
  /** Ids of nodes and wires. */
  readonly selection: ReadonlySet<string>;
  readonly selectedWires: ReadonlySet<string>;
}

export interface EditOptions {
  /**
   * Edits in a row with the same key are one step of undo. Only for edits of which a later one overwrites all that an
   * earlier one wrote: a slider that is dragged, a title that is typed.
   */
  readonly merge?: string;
}

export interface DocumentStore extends StoreApi<DocumentState> {
  readonly edit: (edit: Edit, options?: EditOptions) => void;
  /** What comes next is another step of undo, whatever its key. */
  readonly endMerge: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly select: (nodeIds: Iterable<string>, wireIds?: Iterable<string>) => void;
  /** The server has the first `count` pending edits. */
  readonly acknowledge: (count: number) => void;
  /** Another document takes this one's place; what is pending is done again on top of it, when asked. */
  readonly rebase: (document: Document, keep: "pending" | "nothing") => void;
}

export interface DocumentStart {
  readonly document: Document;
  readonly past?: readonly HistoryEntry[];
  readonly future?: readonly HistoryEntry[];
  readonly pending?: readonly Edit[];
}

const historyLimit = 200;
const none: ReadonlySet<string> = new Set();

/** The document being edited, with its history. Every change goes through core's pure edits. */
export function createDocumentStore(catalog: Catalog, start: DocumentStart): DocumentStore {
  const store = createStore<DocumentState>(() => ({
    document: start.document,
    past: start.past ?? [],
    future: start.future ?? [],
    pending: start.pending ?? [],
    selection: none,
    selectedWires: none,
  }));
  /** Whether the newest step of undo may still grow. */
  let open = false;

  const edit = (change: Edit, { merge }: EditOptions = {}) => {
    const state = store.getState();
    const { document, inverse } = applyEdit(state.document, change, catalog);
    if (document === state.document) return;
    const last = state.past.at(-1);
    const grows = open && merge !== undefined && last?.merge === merge;
    const entry: HistoryEntry = { edit: change, inverse: grows ? last.inverse : inverse, merge: merge ?? null };
    const past = [...(grows ? state.past.slice(0, -1) : state.past), entry].slice(-historyLimit);
    const pending = [...state.pending, change];
    open = true;
    store.setState({ document, past, future: [], pending, ...keepSelection(state, document) });
  };

  const travel = (from: "past" | "future") => {
    const state = store.getState();
    const entry = state[from].at(-1);
    if (entry === undefined) return;
    open = false;
    const change = from === "past" ? entry.inverse : entry.edit;
    const { document } = applyEdit(state.document, change, catalog);
    const rest = state[from].slice(0, -1);
    const moved = [...state[from === "past" ? "future" : "past"], entry];
    const history = from === "past" ? { past: rest, future: moved } : { past: moved, future: rest };
    store.setState({ document, ...history, pending: [...state.pending, change], ...keepSelection(state, document) });
  };

  return {
    ...store,
    edit,
    endMerge: () => {
      open = false;
    },
    undo: () => travel("past"),
    redo: () => travel("future"),
    select: (nodeIds, wireIds = []) => {
      const selection = new Set(nodeIds);
      const selectedWires = new Set(wireIds);
      const state = store.getState();
      if (sameSet(selection, state.selection) && sameSet(selectedWires, state.selectedWires)) return;
      store.setState({ selection, selectedWires });
    },
    acknowledge: (count) => store.setState(({ pending }) => ({ pending: pending.slice(count) })),
    rebase: (theirs, keep) => {
      const state = store.getState();
      open = false;
      if (keep === "nothing") {
        store.setState({ document: theirs, past: [], future: [], pending: [], ...keepSelection(state, theirs) });
        return;
      }
      const document = state.pending.reduce((current, change) => applyEdit(current, change, catalog).document, theirs);
      store.setState({ document, ...keepSelection(state, document) });
    },
  };
}

/** The selection without what is gone. */
function keepSelection(state: DocumentState, document: Document): Partial<DocumentState> {
  const edgeIds = state.selectedWires.size === 0 ? none : new Set(document.edges.map(({ id }) => id));
  const nodes = [...state.selection].filter((id) => Object.hasOwn(document.nodes, id));
  const wires = [...state.selectedWires].filter((id) => edgeIds.has(id));
  return {
    ...(nodes.length < state.selection.size && { selection: new Set(nodes) }),
    ...(wires.length < state.selectedWires.size && { selectedWires: new Set(wires) }),
  };
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
