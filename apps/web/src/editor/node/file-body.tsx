"use client";
import type { LinkedValue } from "@heddle/api";
import { type ArtifactRef, artifactRefSchema, type Json, type PortType } from "@heddle/core";
import clsx from "clsx";
import { Upload } from "lucide-react";
import { useArtifactLinks } from "../../form/artifact-links.ts";
import { acceptedFiles } from "../../form/upload-file.ts";
import { Icon } from "../../ui/icon.tsx";
import { useSession, useUi } from "../session-context.tsx";
import { uploadInto } from "../state/file-actions.ts";
import { Picture } from "./picture.tsx";

export interface FileBodyProps {
  readonly nodeId: string;
  readonly title: string;
  readonly media: PortType["media"];
  readonly many: boolean;
  readonly value: Json | undefined;
  readonly height: number;
  readonly columns: number;
}

/** The files of an input node, or the place to choose them; what is dropped on the node takes their place. */
export function FileBody(props: FileBodyProps) {
  const { nodeId, title, media, value, height, columns } = props;
  const files =
    artifactRefSchema.array().safeParse(Array.isArray(value) ? value : [value]).data ?? [];
  const shown = useLinkedFiles(files, media);
  const first = files[0];
  const single = files.length === 1 && first?.width !== undefined;
  return (
    <>
      {first !== undefined && (
        <Picture value={shown} media={media} alt={title} height={height} columns={columns}>
          {single && (
            <span className="tag">
              {first.width} × {first.height}
            </span>
          )}
        </Picture>
      )}
      <Chooser {...props} nodeId={nodeId} empty={first === undefined} />
    </>
  );
}

function Chooser({
  nodeId,
  title,
  media,
  many,
  height,
  empty,
}: FileBodyProps & { readonly empty: boolean }) {
  const session = useSession();
  const upload = useUi((state) => state.uploads[nodeId]);
  const busy = upload?.busy === true;
  const problem = upload?.problem ?? null;
  return (
    <label
      style={{ height }}
      className={clsx("node-drop nodrag", empty && "empty", (busy || problem !== null) && "over")}
    >
      <span className="sr-only">
        {empty ? `Choose a file for ${title}` : `Replace the file of ${title}`}
      </span>
      <input
        type="file"
        className="sr-only"
        accept={acceptedFiles(media, many)}
        multiple={many}
        onChange={(event) => {
          void uploadInto(session, nodeId, [...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      {problem !== null && (
        <span role="alert" className="text-danger">
          {problem}
        </span>
      )}
      {problem === null && (empty || busy) && (
        <span aria-hidden="true" className="grid justify-items-center gap-2">
          <Icon of={Upload} />
          {busy ? "Uploading" : "Drop or choose"}
        </span>
      )}
    </label>
  );
}

/** The files with their links, as the value that the node will give. */
function useLinkedFiles(
  files: readonly ArtifactRef[],
  media: PortType["media"],
): LinkedValue | undefined {
  const urls = useArtifactLinks((state) => state.urls);
  if (media !== "image" && media !== "video" && media !== "lora") return undefined;
  const items = files.map((file) => ({
    media,
    artifact: { ...file, url: urls[file.sha256] ?? "" },
  }));
  return items.length === 1 ? items[0] : { media: "list", of: media, items };
}
