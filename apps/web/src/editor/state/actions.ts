import type { RunDetail } from "@heddle/api";
import { catalog } from "@heddle/catalog";
import {
  compile,
  type Edit,
  type NodeSettings,
  type Position,
  type Problem,
  type WireEnd,
} from "@heddle/core";
import { isApiError } from "../../trpc.tsx";
import { toast } from "../../ui/toast.tsx";
import { targetsFrom } from "./graph.ts";
import { newId } from "./new-id.ts";
import { copyText, newNode, pasteText, snapped } from "./node-edits.ts";
import type { EditorSession } from "./session.ts";

export type RunScope = "all" | "to" | "from";

/** Node ids that a run of this scope is for; undefined: everything. */
export function targetsOf(session: EditorSession, scope: RunScope): readonly string[] | undefined {
  const { document, selection } = session.doc.getState();
  if (scope === "all" || selection.size === 0) return undefined;
  return scope === "to" ? [...selection] : targetsFrom(document, selection);
}

/** Hands a run in. What is in the way is shown where it stands instead. */
export async function startRun(session: EditorSession, scope: RunScope): Promise<void> {
  const { document } = session.doc.getState();
  const targets = targetsOf(session, scope);
  const options = targets === undefined ? {} : { targets };
  const checked = compile(document, catalog, {
    requireInputs: true,
    randomSeed: () => 0,
    ...options,
  });
  if (!checked.ok) return refuse(session, checked.problems);
  session.ui.setState({ submitting: true });
  try {
    const run: RunDetail = await session.client.run.submit.mutate({
      document,
      workflowId: session.workflow.id,
      idempotencyKey: crypto.randomUUID(),
      ...(targets !== undefined && { targets: [...targets] }),
    });
    session.runs.begin(run);
    session.ui.setState({ shownRun: run.id });
    countUpSeeds(session);
  } catch (error) {
    const problems = problemsOf(error);
    if (problems.length > 0) refuse(session, problems);
    else toast({ title: "The run did not start", description: messageOf(error) });
  } finally {
    session.ui.setState({ submitting: false });
  }
}

function refuse(session: EditorSession, problems: readonly Problem[]): void {
  session.problems.report(problems);
  const first = problems[0];
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  toast({
    title: "Not run yet",
    description: first.message + more,
    ...(first.nodeId !== undefined && {
      action: { label: "Show", onSelect: () => reveal(session, first.nodeId ?? "") },
    }),
  });
}

/** A seed that counts up does so once a run has taken the number that is shown. */
function countUpSeeds(session: EditorSession): void {
  const { document } = session.doc.getState();
  for (const [nodeId, node] of Object.entries(document.nodes)) {
    if (node.type !== "seed" || node.params["mode"] !== "increment") continue;
    const value =
      node.params["value"] ??
      catalog.get("seed")?.fields.find(({ name }) => name === "value")?.default;
    if (typeof value === "number") session.setParam(nodeId, "value", (value + 1) % 2 ** 32);
  }
}

export async function cancelRun(session: EditorSession, runId: string): Promise<void> {
  try {
    session.runs.track(await session.client.run.cancel.mutate({ id: runId }));
  } catch (error) {
    toast({ title: "The run was not cancelled", description: messageOf(error) });
  }
}

export async function holdRun(
  session: EditorSession,
  runId: string,
  change: "pause" | "resume",
): Promise<void> {
  try {
    session.runs.track(await session.client.run[change].mutate({ id: runId }));
  } catch (error) {
    toast({ title: `The run was not ${change}d`, description: messageOf(error) });
  }
}

/** What a person says to a step that waits for one. */
export async function decideStep(
  session: EditorSession,
  { runId, stepId }: { readonly runId: string; readonly stepId: string },
  approve: boolean,
): Promise<void> {
  try {
    session.runs.track(await session.client.run.approve.mutate({ id: runId, stepId, approve }));
  } catch (error) {
    toast({ title: "The decision was not taken", description: messageOf(error) });
  }
}

/** Adds a node and selects it. */
export function addNode(session: EditorSession, type: string, position: Position): string {
  const { id, node } = newNode(session.doc.getState().document, type, position);
  session.doc.edit({ type: "addNodes", nodes: { [id]: node } });
  session.doc.select([id]);
  return id;
}

export function connect(session: EditorSession, from: WireEnd, to: WireEnd): void {
  session.doc.edit({ type: "addEdges", edges: [{ id: newId("wire"), from, to }] });
}

export function setNode(session: EditorSession, nodeId: string, settings: NodeSettings): void {
  const merge = settings.title === undefined ? {} : { merge: `title ${nodeId}` };
  session.doc.edit({ type: "setNode", nodeId, settings }, merge);
}

export function removeSelection(session: EditorSession): void {
  const { selection, selectedWires } = session.doc.getState();
  const edits: Edit[] = [];
  if (selectedWires.size > 0) edits.push({ type: "removeEdges", edgeIds: [...selectedWires] });
  if (selection.size > 0) edits.push({ type: "removeNodes", nodeIds: [...selection] });
  if (edits.length > 0) session.doc.edit({ type: "batch", edits });
}

export function selectAll(session: EditorSession): void {
  session.doc.select(Object.keys(session.doc.getState().document.nodes));
}

/** Bypasses or mutes what is selected, or wakes it again when all of it sleeps that way. */
export function toggleMode(session: EditorSession, mode: "bypassed" | "muted"): void {
  const { document, selection } = session.doc.getState();
  const all = [...selection].every((id) => document.nodes[id]?.mode === mode);
  const edits: Edit[] = [...selection].map((nodeId) => ({
    type: "setNode",
    nodeId,
    settings: { mode: all ? "active" : mode },
  }));
  if (edits.length > 0) session.doc.edit({ type: "batch", edits });
}

export function moveSelection(session: EditorSession, by: Position): void {
  const { document, selection } = session.doc.getState();
  const positions: Record<string, Position> = {};
  for (const id of selection) {
    const node = document.nodes[id];
    if (node !== undefined)
      positions[id] = snapped({ x: node.position.x + by.x, y: node.position.y + by.y });
  }
  if (Object.keys(positions).length > 0) {
    session.doc.edit(
      { type: "moveNodes", positions },
      { merge: `nudge ${[...selection].join(" ")}` },
    );
  }
}

export function copySelection(session: EditorSession): string | null {
  const { document, selection } = session.doc.getState();
  return selection.size === 0 ? null : copyText(document, selection);
}

/** Adds what a clipboard text holds and selects it; false: nothing of ours. */
export function paste(session: EditorSession, text: string, at: Position): boolean {
  const pasted = pasteText(session.doc.getState().document, text, at);
  if (pasted === null) return false;
  session.doc.edit(pasted.edit);
  session.doc.select(pasted.nodeIds);
  return true;
}

/** The selection once more, a little below. */
export function duplicateSelection(session: EditorSession): void {
  const text = copySelection(session);
  const { document, selection } = session.doc.getState();
  const places = [...selection].flatMap((id) => document.nodes[id]?.position ?? []);
  if (text === null || places.length === 0) return;
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  paste(session, text, { x: left + 32, y: top + 32 });
}

/** Selects a node and brings it into view. */
export function reveal(session: EditorSession, nodeId: string): void {
  session.doc.select([nodeId]);
  session.ui.setState({ reveal: nodeId, tab: "node" });
}

export interface PublishedLink {
  readonly path: string;
  readonly number: number;
}

/** Makes the document, as it is now, the next version behind the link. */
export async function publish(session: EditorSession): Promise<PublishedLink> {
  await session.autosave.flush();
  const { path, number } = await session.client.workflow.publish.mutate({
    id: session.workflow.id,
  });
  return { path, number };
}

export type ConflictChoice = "merge" | "theirs" | "copy";

/** Ends a conflict the way the person chose. With `copy`, what was here becomes a workflow of its own; its id is given back. */
export async function resolveConflict(
  session: EditorSession,
  choice: ConflictChoice,
): Promise<string | null> {
  const state = session.saveState.getState();
  if (state.kind !== "conflict") return null;
  const { document } = session.doc.getState();
  let copyId: string | null = null;
  if (choice === "copy") {
    const name = `${document.name.slice(0, 110)} (my copy)`;
    copyId = (await session.client.workflow.create.mutate({ document: { ...document, name } })).id;
  }
  session.doc.rebase(state.theirs, choice === "merge" ? "pending" : "nothing");
  session.autosave.resume(state.revision);
  return copyId;
}

export function problemsOf(error: unknown): readonly Problem[] {
  return isApiError(error) ? (error.data?.problems ?? []) : [];
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The server did not answer. Try again.";
}
