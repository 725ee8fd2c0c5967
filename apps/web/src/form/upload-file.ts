import { type ArtifactRef, artifactRefSchema } from "@heddle/core";
import { z } from "zod";

const uploadedSchema = z.object({ url: z.string(), artifact: artifactRefSchema });
const problemSchema = z.object({
  detail: z.string(),
  errors: z.array(z.object({ message: z.string() })).default([]),
});

export interface UploadedFile {
  readonly artifact: ArtifactRef;
  /** Signed link to the bytes. */
  readonly url: string;
}

/** Stores a file on the server. Throws an Error whose message says what is wrong with the file. */
export async function uploadFile(file: File): Promise<UploadedFile> {
  const body = new FormData();
  body.set("file", file, file.name);
  const response = await fetch("/api/v1/uploads", { method: "POST", body });
  const json: unknown = await response.json().catch(() => null);
  const uploaded = uploadedSchema.safeParse(json);
  if (response.ok && uploaded.success) return uploaded.data;
  const problem = problemSchema.safeParse(json);
  if (!problem.success) throw new Error(`The upload failed (${response.status}). Try again.`);
  throw new Error(problem.data.errors[0]?.message ?? problem.data.detail);
}
