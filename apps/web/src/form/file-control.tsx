"use client";
import { type ArtifactRef, artifactRefSchema, type MediaType } from "@heddle/core";
import { Upload, X } from "lucide-react";
import { useId, useState } from "react";
import { IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { MediaShape } from "../ui/media-shape.tsx";
import { useArtifactUrl } from "./artifact-links.ts";
import type { FieldControlProps } from "./field-control.tsx";
import { acceptedFiles, uploadFiles } from "./upload-file.ts";
import { useUploads } from "./uploads.ts";

/** One stored file: shown when it is there, chosen or dropped when it is not. */
export function FileControl({
  field,
  value,
  onChange,
  onCommit,
  disabled = false,
}: FieldControlProps) {
  const artifact = artifactRefSchema.safeParse(value).data ?? null;
  const clear = () => {
    onChange(null);
    onCommit?.();
  };
  const take = (files: readonly ArtifactRef[]) => {
    onChange(files[0] ?? null);
    onCommit?.();
  };
  if (artifact === null)
    return <FilePicker field={field} many={false} disabled={disabled} onFiles={take} />;
  return (
    <StoredFile artifact={artifact} media={field.type.media} label={field.label} onRemove={clear} />
  );
}

/** Several stored files, in order. */
export function FilesControl({
  field,
  value,
  onChange,
  onCommit,
  disabled = false,
}: FieldControlProps) {
  const artifacts = artifactRefSchema.array().safeParse(value).data ?? [];
  const set = (next: readonly ArtifactRef[]) => {
    onChange([...next]);
    onCommit?.();
  };
  return (
    <div className="grid grid-cols-3 gap-2">
      {artifacts.map((artifact, index) => (
        <StoredFile
          key={`${artifact.sha256}-${index}`}
          artifact={artifact}
          media={field.type.media}
          label={`${field.label} ${index + 1}`}
          onRemove={() => set(artifacts.toSpliced(index, 1))}
        />
      ))}
      <FilePicker
        field={field}
        many
        disabled={disabled}
        onFiles={(files) => set([...artifacts, ...files])}
      />
    </div>
  );
}

interface StoredFileProps {
  readonly artifact: ArtifactRef;
  readonly media: MediaType | "any";
  readonly label: string;
  readonly onRemove: () => void;
}

function StoredFile({ artifact, media, label, onRemove }: StoredFileProps) {
  const url = useArtifactUrl(artifact);
  const size = artifact.width === undefined ? "" : `${artifact.width} × ${artifact.height}`;
  return (
    <figure className="relative overflow-hidden rounded-ui bg-hover ring-1 ring-line">
      {media === "image" && url !== null ? (
        <img src={url} alt={label} className="max-h-40 min-h-16 w-full object-contain" />
      ) : (
        <span className="grid h-16 place-items-center [--under:var(--raised)]">
          <MediaShape media={media} size={16} />
        </span>
      )}
      {size !== "" && (
        <figcaption className="absolute bottom-1.5 left-1.5 rounded-in bg-scrim px-1.5 text-11 leading-[18px] font-medium text-on-scrim">
          {size}
        </figcaption>
      )}
      <IconButton
        size="small"
        label={`Remove ${label}`}
        onClick={onRemove}
        className="absolute! top-1.5 right-1.5 bg-scrim text-on-scrim!"
      >
        <Icon of={X} size={12} />
      </IconButton>
    </figure>
  );
}

interface FilePickerProps {
  readonly field: FieldControlProps["field"];
  readonly many: boolean;
  readonly disabled: boolean;
  readonly onFiles: (files: readonly ArtifactRef[]) => void;
}

function FilePicker({ field, many, disabled, onFiles }: FilePickerProps) {
  const id = useId();
  const { busy, problem, upload } = useUploader(many, onFiles);
  return (
    <div
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        void upload(event.dataTransfer.files);
      }}
    >
      <input
        id={id}
        type="file"
        className="peer sr-only"
        accept={acceptedFiles(field.type.media, many)}
        multiple={many}
        disabled={disabled || busy}
        onChange={(event) => {
          if (event.target.files !== null) void upload(event.target.files);
          event.target.value = "";
        }}
      />
      <label
        htmlFor={id}
        className="flex min-h-16 cursor-pointer flex-col items-center justify-center gap-1 rounded-ui border border-dashed border-line-control p-2 text-center text-12 text-ink-2 peer-focus-visible:outline-2 peer-focus-visible:outline-accent-line hover:bg-hover"
      >
        <Icon of={Upload} />
        <span>
          {busy ? "Uploading" : "Drop or choose"}
          <span className="sr-only"> {field.label}</span>
        </span>
      </label>
      {problem !== null && (
        <p role="alert" className="mt-1 text-12 text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}

function useUploader(many: boolean, onFiles: (files: readonly ArtifactRef[]) => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { begin, end } = useUploads();
  const upload = async (files: FileList) => {
    const count = files.length;
    setBusy(true);
    setProblem(null);
    begin(count);
    try {
      onFiles(await uploadFiles([...files], { many }));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "The upload failed. Try again.");
    } finally {
      setBusy(false);
      end(count);
    }
  };
  return { busy, problem, upload };
}
