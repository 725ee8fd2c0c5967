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
  const travel = (direction: "past" | "future") => {
    open = false;
    store.setState((state) => travelled(state, direction, catalog));
  };
  return {
    ...store,
    edit: (change, { merge } = {}) => {
      const state = store.getState();
      const mergeInto = open ? (merge ?? null) : null;
      const next = edited(state, { change, merge: merge ?? null, mergeInto }, catalog);
      if (next === state) return;
      open = true;
      store.setState(next);
    },
    endMerge: () => {
      open = false;
    },
    undo: () => travel("past"),
    redo: () => travel("future"),
    select: (nodeIds, wireIds = []) =>
      store.setState((state) => selected(state, new Set(nodeIds), new Set(wireIds))),
    acknowledge: (count) => store.setState(({ pending }) => ({ pending: pending.slice(count) })),
    rebase: (theirs, keep) => {
      open = false;
      store.setState((state) => rebased(state, { theirs, keep }, catalog));
    },
  };
}

interface Change {
  readonly change: Edit;
  readonly merge: string | null;
  /** The key of the step that this change may become part of. */
  readonly mergeInto: string | null;
}

function edited(
  state: DocumentState,
  { change, merge, mergeInto }: Change,
  catalog: Catalog,
): DocumentState {
  const { document, inverse } = applyEdit(state.document, change, catalog);
  if (document === state.document) return state;
  const last = state.past.at(-1);
  const grows = mergeInto !== null && last?.merge === mergeInto;
  const entry: HistoryEntry = { edit: change, inverse: grows ? last.inverse : inverse, merge };
  const past = [...(grows ? state.past.slice(0, -1) : state.past), entry].slice(-historyLimit);
  return {
    ...state,
    document,
    past,
    future: [],
    pending: [...state.pending, change],
    ...keepSelection(state, document),
  };
}

function travelled(
  state: DocumentState,
  direction: "past" | "future",
  catalog: Catalog,
): DocumentState {
  const entry = state[direction].at(-1);
  if (entry === undefined) return state;
  const back = direction === "past";
  const change = back ? entry.inverse : entry.edit;
  const { document } = applyEdit(state.document, change, catalog);
  const rest = state[direction].slice(0, -1);
  const moved = [...(back ? state.future : state.past), entry];
  const history = back ? { past: rest, future: moved } : { past: moved, future: rest };
  return {
    ...state,
    document,
    ...history,
    pending: [...state.pending, change],
    ...keepSelection(state, document),
  };
}

interface Rebase {
  readonly theirs: Document;
  readonly keep: "pending" | "nothing";
}

function rebased(state: DocumentState, { theirs, keep }: Rebase, catalog: Catalog): DocumentState {
  if (keep === "nothing") {
    return {
      ...state,
      document: theirs,
      past: [],
      future: [],
      pending: [],
      ...keepSelection(state, theirs),
    };
  }
  const document = state.pending.reduce(
    (current, change) => applyEdit(current, change, catalog).document,
    theirs,
  );
  return { ...state, document, ...keepSelection(state, document) };
}

function selected(
  state: DocumentState,
  selection: ReadonlySet<string>,
  selectedWires: ReadonlySet<string>,
): DocumentState {
  const same = sameSet(selection, state.selection) && sameSet(selectedWires, state.selectedWires);
  return same ? state : { ...state, selection, selectedWires };
}

/** The selection without what is gone. */
function keepSelection(state: DocumentState, document: Document): Partial<DocumentState> {
  const edgeIds =
    state.selectedWires.size === 0 ? none : new Set(document.edges.map(({ id }) => id));
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
