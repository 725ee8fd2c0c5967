import type { DocumentEdge } from "../document.ts";
import { edgeIndex } from "../graph/edge-index.ts";

/** Node ids in wire order; the last feeds the first. */
export type Cycle = readonly string[];

/** One shortest cycle through the smallest node id of every knot of wires, by Tarjan's strongly connected components. */
export function findCycles(nodeIds: readonly string[], edges: readonly DocumentEdge[]): Cycle[] {
  const next = successors(edges);
  return knots(nodeIds, next).map((knot) => cycleThrough(knot, next));
}

type Successors = (id: string) => readonly string[];

function successors(edges: readonly DocumentEdge[]): Successors {
  const { outOf } = edgeIndex(edges);
  const known = new Map<string, readonly string[]>();
  return (id) => {
    const found = known.get(id) ?? [...new Set(outOf.get(id)?.map(({ to }) => to.node))].sort();
    known.set(id, found);
    return found;
  };
}

interface Visit {
  readonly id: string;
  readonly index: number;
  low: number;
  next: number;
  open: boolean;
}

/** Strongly connected components of more than one node. Tarjan 1972, with an explicit stack. */
function knots(nodeIds: readonly string[], next: Successors): string[][] {
  const visits = new Map<string, Visit>();
  const open: Visit[] = [];
  const found: string[][] = [];
  const enter = (id: string): Visit => {
    const visit = { id, index: visits.size, low: visits.size, next: 0, open: true };
    visits.set(id, visit);
    open.push(visit);
    return visit;
  };
  for (const root of nodeIds) {
    const path = visits.has(root) ? [] : [enter(root)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const child = next(visit.id)[visit.next];
      visit.next += 1;
      if (child === undefined) {
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined) parent.low = Math.min(parent.low, visit.low);
        const knot = visit.low === visit.index ? close(open, visit) : [];
        if (knot.length > 1) found.push(knot);
        continue;
      }
      const seen = visits.get(child);
      if (seen === undefined) path.push(enter(child));
      else if (seen.open) visit.low = Math.min(visit.low, seen.index);
    }
  }
  return found;
}

function close(open: Visit[], root: Visit): string[] {
  const members = open.splice(open.lastIndexOf(root));
  for (const member of members) member.open = false;
  return members.map(({ id }) => id);
}

/** Breadth first inside the knot, from its smallest id back to itself. */
function cycleThrough(knot: readonly string[], next: Successors): Cycle {
  const inside = new Set(knot);
  const start = knot.toSorted()[0] ?? "";
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let head = 0; head < queue.length; head += 1) {
    const id = queue[head] ?? start;
    for (const child of next(id)) {
      if (child === start) return pathTo(id, cameFrom);
      if (!inside.has(child) || cameFrom.has(child)) continue;
      cameFrom.set(child, id);
      queue.push(child);
    }
  }
  return [start];
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string>): Cycle {
  const path = [end];
  for (let id = cameFrom.get(end); id !== undefined; id = cameFrom.get(id)) path.push(id);
  return path.reverse();
}
