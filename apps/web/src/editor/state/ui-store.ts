import type { OutputItem } from "@heddle/api";
import type { WireEnd } from "@heddle/core";
import { createStore, type StoreApi } from "zustand/vanilla";

export type InspectorTab = "node" | "run" | "api";
export type View = "canvas" | "outline";

/** A result shown large. */
export interface Lightbox {
  readonly title: string;
  readonly items: readonly OutputItem[];
  readonly index: number;
}

/** A wire that is being dragged from one end. */
export interface WireDrag {
  readonly from: WireEnd;
  readonly side: "input" | "output";
  /** Whether a port can take the wire, by `node/side/port`; filled as ports ask. */
  readonly can: (node: string, side: "input" | "output", port: string) => boolean;
}

export interface UiState {
  readonly view: View;
  readonly tab: InspectorTab;
  readonly wire: WireDrag | null;
  readonly lightbox: Lightbox | null;
  readonly shortcuts: boolean;
  readonly share: boolean;
  /** The node that the Run tab and problems jump to; the canvas brings it into view. */
  readonly reveal: string | null;
  /** The run that the Run tab shows; null: the newest. */
  readonly shownRun: string | null;
  /** Files on their way into input nodes, by node. */
  readonly uploads: Readonly<
    Record<string, { readonly busy: boolean; readonly problem: string | null }>
  >;
  /** A run is being handed in. */
  readonly submitting: boolean;
}

export type UiStore = StoreApi<UiState>;

/** What is open and what is under the hand; never saved. */
export function createUiStore(): UiStore {
  return createStore<UiState>(() => ({
    view: "canvas",
    tab: "node",
    wire: null,
    lightbox: null,
    shortcuts: false,
    share: false,
    reveal: null,
    shownRun: null,
    uploads: {},
    submitting: false,
  }));
}
