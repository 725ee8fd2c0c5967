import type { Document } from "@heddle/core";
import { describe, expect, it } from "vitest";
import { fingerprintOf } from "./autosave.ts";
import type { Draft } from "./draft-storage.ts";
import { openDraft } from "./open-draft.ts";

const documentOf = (name: string): Document => ({
  heddle: 1,
  name,
  description: "",
  nodes: {},
  edges: [],
  notes: [],
});
const rename = (name: string) => ({ type: "setMeta", meta: { name } }) as const;

const draft = (changes: Partial<Draft>): Draft => ({
  baseRevision: 3,
  document: documentOf("mine"),
  pending: [rename("mine")],
  past: [{ edit: rename("mine"), inverse: rename("server"), merge: null }],
  future: [],
  sentFingerprint: null,
  ...changes,
});

describe("opening a workflow that this browser kept a draft of", () => {
  it("brings back what the server never got, with its undo", () => {
    const opened = openDraft({ document: documentOf("server"), revision: 3 }, draft({}));
    expect(opened.start.document.name).toBe("mine");
    expect(opened.start.pending).toHaveLength(1);
    expect(opened.start.past).toHaveLength(1);
    expect(opened.conflict).toBe(false);
  });

  it("keeps undo across a reload when everything was saved", () => {
    const saved = draft({ pending: [], document: documentOf("mine") });
    const opened = openDraft({ document: documentOf("mine"), revision: 3 }, saved);
    expect(opened.start.past).toHaveLength(1);
    expect(opened.start.pending).toEqual([]);
  });

  it("says so when somebody else saved meanwhile", () => {
    const opened = openDraft({ document: documentOf("theirs"), revision: 5 }, draft({}));
    expect(opened.conflict).toBe(true);
    expect(opened.start.document.name).toBe("mine");
    expect(opened.revision).toBe(5);
  });

  it("takes the newer document when nothing of ours is pending", () => {
    const opened = openDraft(
      { document: documentOf("theirs"), revision: 5 },
      draft({ pending: [] }),
    );
    expect(opened.conflict).toBe(false);
    expect(opened.start.document.name).toBe("theirs");
  });

  it("knows its own save although the tab died before the answer", () => {
    const sent = documentOf("sent");
    const kept = draft({
      sentFingerprint: fingerprintOf(sent),
      document: documentOf("sent, then edited"),
    });
    const opened = openDraft({ document: sent, revision: 4 }, kept);
    expect(opened.conflict).toBe(false);
    expect(opened.start.document.name).toBe("sent, then edited");
    expect(opened.revision).toBe(4);
  });
});
