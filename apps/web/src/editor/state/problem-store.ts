import { type Catalog, compile, type Document, type Problem } from "@heddle/core";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface ProblemState {
  /** In the way of a run. */
  readonly problems: readonly Problem[];
  /** Unfinished, but in nobody's way. */
  readonly notices: readonly Problem[];
  readonly byNode: Readonly<Record<string, readonly Problem[]>>;
}

export interface ProblemStore extends StoreApi<ProblemState> {
  readonly refresh: () => void;
  /** What a run was refused for; stays until the document changes. */
  readonly report: (problems: readonly Problem[]) => void;
  readonly stop: () => void;
}

const quietMs = 120;
const nothing: ProblemState = { problems: [], notices: [], byNode: {} };

/** What is wrong with the document, worked out here so that it is there at once and without a server. */
export function createProblemStore(catalog: Catalog, document: () => Document): ProblemStore {
  const store = createStore<ProblemState>(() => check(document(), catalog));
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    ...store,
    refresh: () => {
      clearTimeout(timer);
      timer = setTimeout(() => store.setState(check(document(), catalog)), quietMs);
    },
    report: (problems) => store.setState({ ...withNodes(problems, []) }),
    stop: () => clearTimeout(timer),
  };
}

function check(document: Document, catalog: Catalog): ProblemState {
  // An empty canvas is a start, not a mistake.
  if (Object.keys(document.nodes).length === 0) return nothing;
  const result = compile(document, catalog, { requireInputs: false, randomSeed: () => 0 });
  return result.ok ? withNodes([], result.notices) : withNodes(result.problems, []);
}

function withNodes(problems: readonly Problem[], notices: readonly Problem[]): ProblemState {
  const byNode: Record<string, Problem[]> = {};
  for (const problem of [...problems, ...notices]) {
    if (problem.nodeId !== undefined) (byNode[problem.nodeId] ??= []).push(problem);
  }
  return { problems, notices, byNode };
}
