import { AppError } from "@heddle/core";
import { finishUpload, getUpload } from "@heddle/db";
import { verifyUploadSignature } from "../access/sign-upload.ts";
import { ingestFile } from "../files/ingest-file.ts";
import { readBytes } from "../http/read-body.ts";
import { toUploaded } from "../wire/to-uploaded.ts";
import { uploadedSchema } from "../wire/upload.ts";
import type { PublicRoute, RestRequest } from "./route.ts";

export const receiveUploadRoute: PublicRoute = {
  method: "PUT",
  path: "/api/v1/uploads/{id}",
  access: "public",
  operation: {
    id: "receiveUpload",
    summary: "Send the bytes of an announced file",
    description:
      "To the `uploadUrl` that announcing gave: its signature stands for the key. Sending the same bytes again is harmless.",
    query: { sig: "The signature of the link" },
    answers: { 200: { description: "The stored file", schema: uploadedSchema } },
    problems: [404, 409, 413, 415, 422, 507],
  },
  handle: receiveUpload,
};

async function receiveUpload({
  api,
  request,
  url,
  params,
  origin,
}: RestRequest): Promise<Response> {
  const uploadId = params["id"] ?? "";
  const sig = url.searchParams.get("sig") ?? "";
  const now = Math.floor(api.now() / 1000);
  const allowed = verifyUploadSignature({ secret: api.secret, uploadId, sig, now });
  const upload = allowed ? await getUpload(api.database, { id: uploadId }) : null;
  if (upload === null)
    throw new AppError("not_found", "There is no such upload, or the link has expired");
  const bytes = await readBytes(request, upload.sizeBytes);
  const ingested = await ingestFile(api, upload.workspaceId, {
    bytes,
    claims: upload.fileName.includes(".") ? upload.fileName : upload.contentType,
  });
  if (!(await finishUpload(api.database, { id: uploadId, sha256: ingested.artifact.sha256 }))) {
    throw new AppError("conflict", "Another file was sent to this link before");
  }
  return Response.json(toUploaded(api, origin, ingested));
}
