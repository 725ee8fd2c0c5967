import { type ArtifactRef, artifactRefSchema, type PortType } from "@heddle/core";
import { z } from "zod";
import { useArtifactLinks } from "./artifact-links.ts";

const linkedSchema = artifactRefSchema.extend({ url: z.string() });
const uploadedSchema = z.object({
  artifact: linkedSchema,
  pictures: z.array(linkedSchema).optional(),
});
const problemSchema = z.object({
  detail: z.string(),
  errors: z.array(z.object({ message: z.string() })).default([]),
});

type Linked = z.infer<typeof linkedSchema>;

const accepted: Partial<Record<PortType["media"], string>> = {
  image: "image/png,image/jpeg,image/webp,image/gif,image/avif,image/tiff",
  video: "video/mp4,video/webm",
  lora: ".safetensors",
};

/** What a person may choose for a field of this media, as the `accept` of an input. */
export function acceptedFiles(media: PortType["media"], many: boolean): string {
  const types = accepted[media] ?? "";
  return media === "image" && many ? `${types},.zip` : types;
}

export interface UploadOptions {
  /** A ZIP is taken, and gives the pictures in it. */
  readonly many: boolean;
}

/**
 * Stores files on the server and remembers their links; in their order. Throws an Error whose message says which file is
 * wrong and in what.
 */
export async function uploadFiles(
  files: readonly File[],
  { many }: UploadOptions,
): Promise<readonly ArtifactRef[]> {
  const stored = await Promise.all(files.map((file) => uploadFile(file, many)));
  return stored.flat().map(({ url, ...artifact }) => {
    useArtifactLinks.getState().remember(artifact.sha256, url);
    return artifact;
  });
}

async function uploadFile(file: File, many: boolean): Promise<readonly Linked[]> {
  const body = new FormData();
  body.set("file", file, file.name);
  const response = await fetch("/api/v1/uploads", { method: "POST", body });
  const json: unknown = await response.json().catch(() => null);
  const uploaded = uploadedSchema.safeParse(json);
  if (response.ok && uploaded.success) {
    const { artifact, pictures } = uploaded.data;
    if (pictures === undefined) return [artifact];
    if (many) return pictures;
    throw new Error("A ZIP holds several pictures; this takes one.");
  }
  const problem = problemSchema.safeParse(json);
  if (!problem.success) throw new Error(`The upload failed (${response.status}). Try again.`);
  throw new Error(problem.data.errors[0]?.message ?? problem.data.detail);
}
