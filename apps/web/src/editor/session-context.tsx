"use client";
import type { Change } from "./state/changes.ts";
import type { Document, DocumentNode, NodeType, Problem } from "@heddle/core";
import { catalog } from "@heddle/catalog";
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import { changeOf } from "./state/change-of.ts";
import type { DocumentState } from "./state/document-store.ts";
import type { NodePreview } from "./state/preview-store.ts";
import { hasEnded, type NodeRun, neverRun, type RunsState } from "./state/run-state.ts";
import type { EditorSession } from "./state/session.ts";
import type { UiState } from "./state/ui-store.ts";

const SessionContext = createContext<EditorSession | null>(null);
export const SessionProvider = SessionContext.Provider;

export function useSession(): EditorSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("Assertion failed: used outside of an open workflow");
  return session;
}

export function useDoc<Part>(select: (state: DocumentState) => Part): Part {
  return useStore(useSession().doc, select);
}

export function useDocument(): Document {
  return useDoc((state) => state.document);
}

export function useRuns<Part>(select: (state: RunsState) => Part): Part {
  return useStore(useSession().runs, select);
}

export function useUi<Part>(select: (state: UiState) => Part): Part {
  return useStore(useSession().ui, select);
}

export function useNode(nodeId: string): DocumentNode | undefined {
  return useDoc((state) => state.document.nodes[nodeId]);
}

export function useNodeType(nodeId: string): NodeType | undefined {
  return useDoc((state) => catalog.get(state.document.nodes[nodeId]?.type ?? ""));
}

export function useNodeRun(nodeId: string): NodeRun {
  return useRuns((state) => state.nodes[nodeId] ?? neverRun);
}

export function useNodePreview(nodeId: string): NodePreview | undefined {
  return useStore(useSession().preview, (state) => state.nodes[nodeId]);
}

const noProblems: readonly Problem[] = [];
export function useNodeProblems(nodeId: string): readonly Problem[] {
  return useStore(useSession().problems, (state) => state.byNode[nodeId] ?? noProblems);
}

/** Whether the node, or what it needs, was changed since its result was made, or since it failed. */
export function useNodeChange(nodeId: string): Change | null {
  const ran = useRuns((state) => ranDocument(state, nodeId));
  return useDoc((state) => (ran === null ? null : changeOf(nodeId, ran, state.document)));
}

/** The document that a node's present state comes from. */
function ranDocument({ nodes, runs }: RunsState, nodeId: string): Document | null {
  const node = nodes[nodeId];
  if (node === undefined) return null;
  if (!hasEnded(node.activity)) return node.result?.document ?? null;
  return runs[node.runId ?? ""]?.document ?? null;
}
