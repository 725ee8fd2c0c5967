"use client";
import { type ArtifactRef, artifactRefSchema, type Json, type PortType } from "@heddle/core";
import type { LinkedValue } from "@heddle/api";
import clsx from "clsx";
import { Upload } from "lucide-react";
import { useState } from "react";
import { useArtifactLinks } from "../../form/artifact-links.ts";
import { uploadFile } from "../../form/upload-file.ts";
import { Icon } from "../../ui/icon.tsx";
import { useSession } from "../session-context.tsx";
import { setParam } from "../state/actions.ts";
import { Picture } from "./picture.tsx";

const accepts: Partial<Record<PortType["media"], string>> = {
  image: "image/png,image/jpeg,image/webp,image/gif,image/avif,image/tiff",
  video: "video/mp4,video/webm",
  lora: ".safetensors",
};

export interface FileBodyProps {
  readonly nodeId: string;
  readonly title: string;
  readonly media: PortType["media"];
  readonly many: boolean;
  readonly value: Json | undefined;
  readonly height: number;
  readonly columns: number;
}

/** The files of an input node: shown when they are there; a file dropped or chosen takes their place, or joins a list. */
export function FileBody({ nodeId, title, media, many, value, height, columns }: FileBodyProps) {
  const session = useSession();
  const files = artifactRefSchema.array().safeParse(Array.isArray(value) ? value : [value]).data ?? [];
  const shown = useLinkedFiles(files, media);
  const [over, setOver] = useState(false);
  const { busy, problem, upload } = useUpload((added) => {
    const next = many ? [...files, ...added] : (added[0] ?? null);
    if (next !== null) setParam(session, nodeId, "value", next);
    session.doc.endMerge();
  });
  const size = files[0]?.width === undefined ? null : `${files[0].width} × ${files[0].height}`;
  return (
    <div
      style={{ height }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        void upload([...event.dataTransfer.files]);
      }}
    >
      {files.length > 0 && (
        <Picture value={shown} media={media} alt={title} height={height} columns={columns}>
          {files.length === 1 && size !== null && <span className="tag">{size}</span>}
        </Picture>
      )}
      <label
        className={clsx("node-drop nodrag", over && "over", files.length > 0 && !over && !busy && problem === null && "opacity-0 focus-within:opacity-100")}
      >
        <input
          type="file"
          className="sr-only"
          accept={accepts[media]}
          multiple={many}
          aria-label={files.length === 0 ? `Choose a file for ${title}` : `Replace the file of ${title}`}
          onChange={(event) => {
            void upload([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        {problem !== null ? (
          <span role="alert" className="text-danger">
            {problem}
          </span>
        ) : (
          (files.length === 0 || over || busy) && (
            <>
              <Icon of={Upload} />
              <span>{busy ? "Uploading" : "Drop or choose"}</span>
            </>
          )
        )}
      </label>
    </div>
  );
}

function useLinkedFiles(files: readonly ArtifactRef[], media: PortType["media"]): LinkedValue | undefined {
  const urls = useArtifactLinks((state) => state.urls);
  if (media !== "image" && media !== "video" && media !== "lora") return undefined;
  const items = files.map((file) => ({
    media,
    artifact: {
      sha256: file.sha256,
      contentType: file.contentType,
      sizeBytes: file.sizeBytes,
      ...(file.width !== undefined && { width: file.width }),
      ...(file.height !== undefined && { height: file.height }),
      ...(file.durationMs !== undefined && { durationMs: file.durationMs }),
      url: urls[file.sha256] ?? "",
    },
  }));
  return items.length === 1 ? items[0] : { media: "list", of: media, items };
}

function useUpload(onFiles: (files: ArtifactRef[]) => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const remember = useArtifactLinks((state) => state.remember);
  const upload = async (files: readonly File[]) => {
    if (files.length === 0) return;
    setBusy(true);
    setProblem(null);
    try {
      const stored = await Promise.all(files.map(uploadFile));
      for (const { artifact, url } of stored) remember(artifact.sha256, url);
      onFiles(stored.map(({ artifact }) => artifact));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "The upload failed. Try again.");
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, upload };
}
