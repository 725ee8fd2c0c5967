import { AppError } from "@heddle/core";
import { createUpload } from "@heddle/db";
import { z } from "zod";
import type { KnownCaller } from "../access/caller.ts";
import { signUpload } from "../access/sign-upload.ts";
import { checkStorage } from "../files/check-storage.ts";
import { ingestFile } from "../files/ingest-file.ts";
import { readMultipartFile } from "../http/read-multipart-file.ts";
import { parseBody } from "../http/parse-body.ts";
import { contentTypeOf, readJson } from "../http/read-body.ts";
import { toUploaded } from "../wire/to-uploaded.ts";
import { announceUploadBody, announcedSchema, uploadedSchema } from "../wire/upload.ts";
import type { RestRequest, ScopedRoute } from "./route.ts";

const linkSeconds = 3600;

export const createUploadRoute: ScopedRoute = {
  method: "POST",
  path: "/api/v1/uploads",
  access: ["run"],
  operation: {
    id: "createUpload",
    summary: "Bring a file in",
    description:
      "Either send the file itself as `multipart/form-data` with one part `file`, or announce it as JSON and PUT the bytes to `uploadUrl`. Taken are PNG, JPEG, WebP, GIF, AVIF, TIFF, MP4, WebM, .safetensors, and ZIPs of pictures for inputs that take a list of images.",
    body: {
      "multipart/form-data": z.object({ file: z.string().meta({ format: "binary" }) }),
      "application/json": announceUploadBody,
    },
    answers: {
      200: { description: "Announced: now PUT the bytes to `uploadUrl`", schema: announcedSchema },
      201: { description: "The stored file", schema: uploadedSchema },
    },
    problems: [400, 413, 415, 422, 507],
  },
  handle: (rest, caller) =>
    contentTypeOf(rest.request) === "application/json"
      ? announce(rest, caller)
      : receive(rest, caller),
};

async function announce(
  { api, request, origin }: RestRequest,
  { workspaceId }: KnownCaller,
): Promise<Response> {
  const body = parseBody(
    announceUploadBody,
    await readJson(request, { maxBytes: 10_000, maxDepth: 4 }),
  );
  if (body.sizeBytes > api.limits.uploadBytes) {
    throw new AppError(
      "too_large",
      `The file has ${body.sizeBytes} bytes, the limit is ${api.limits.uploadBytes} (limit uploadBytes)`,
    );
  }
  await checkStorage(api, workspaceId, body.sizeBytes);
  const uploadId = await createUpload(api.database, { workspaceId, ...body });
  const expiresAt = Math.floor(api.now() / 1000) + linkSeconds;
  const sig = signUpload({ secret: api.secret, uploadId, expiresAt });
  const url = `${origin}/api/v1/uploads/${uploadId}`;
  return Response.json({ uploadUrl: `${url}?sig=${sig}`, url });
}

async function receive(
  { api, request, origin }: RestRequest,
  { workspaceId }: KnownCaller,
): Promise<Response> {
  const file = await readMultipartFile(request, api.limits.uploadBytes);
  const ingested = await ingestFile(api, workspaceId, file);
  return Response.json(toUploaded(api, origin, ingested), { status: 201 });
}
