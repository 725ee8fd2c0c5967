import { catalog } from "@heddle/catalog";
import {
  type ArtifactRef,
  artifactRefSchema,
  type Field,
  type Json,
  type Position,
} from "@heddle/core";
import { uploadFiles } from "../../form/upload-file.ts";
import { valueField } from "../canvas/node-layout.ts";
import { addNode, messageOf } from "./actions.ts";
import type { EditorSession } from "./session.ts";

/** Stores files and puts them into an input node: one takes the place of what was there, or joins a list. */
export async function uploadInto(
  session: EditorSession,
  nodeId: string,
  files: readonly File[],
): Promise<void> {
  if (files.length === 0) return;
  setUpload(session, nodeId, { busy: true, problem: null });
  try {
    const many = fileField(session, nodeId)?.type.list === true;
    const next = withFiles(session, nodeId, await uploadFiles(files, { many }));
    if (next !== null) session.setParam(nodeId, "value", next);
    session.doc.endMerge();
    setUpload(session, nodeId, null);
  } catch (error) {
    setUpload(session, nodeId, { busy: false, problem: messageOf(error) });
  }
}

/** Files dropped on the canvas: into the input node under the pointer, else into new ones. */
export function dropFiles(
  session: EditorSession,
  files: readonly File[],
  on: { readonly nodeId: string | null; readonly at: Position },
): void {
  const widget = fileField(session, on.nodeId ?? "")?.widget;
  if (on.nodeId !== null && (widget === "file" || widget === "files")) {
    void uploadInto(session, on.nodeId, files);
    return;
  }
  for (const [index, file] of files.entries()) {
    const type = inputTypeOf(file);
    if (type === null) continue;
    const id = addNode(session, type, { x: on.at.x - 88, y: on.at.y - 88 + index * 240 });
    void uploadInto(session, id, [file]);
  }
}

function inputTypeOf(file: File): string | null {
  if (file.type.startsWith("image/")) return "input-image";
  if (file.type.startsWith("video/")) return "input-video";
  if (file.name.endsWith(".zip")) return "input-images";
  return file.name.endsWith(".safetensors") ? "input-lora" : null;
}

function fileField(session: EditorSession, nodeId: string): Field | undefined {
  const type = catalog.get(session.doc.getState().document.nodes[nodeId]?.type ?? "");
  return type === undefined ? undefined : valueField(type);
}

function withFiles(
  session: EditorSession,
  nodeId: string,
  added: readonly ArtifactRef[],
): Json | null {
  if (fileField(session, nodeId)?.type.list !== true) return added[0] ?? null;
  const node = session.doc.getState().document.nodes[nodeId];
  const before = artifactRefSchema.array().safeParse(node?.params["value"]).data ?? [];
  return [...before, ...added];
}

interface Upload {
  readonly busy: boolean;
  readonly problem: string | null;
}

function setUpload(session: EditorSession, nodeId: string, upload: Upload | null): void {
  session.ui.setState(({ uploads }) => {
    const { [nodeId]: _before, ...others } = uploads;
    return { uploads: upload === null ? others : { ...others, [nodeId]: upload } };
  });
}
