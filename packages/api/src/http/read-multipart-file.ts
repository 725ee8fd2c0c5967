import { AppError } from "@heddle/core";
import { contentTypeOf, readBytes } from "./read-body.ts";

/** Boundaries, part headers and small fields beside the file. */
const envelopeBytes = 64 * 1024;

/** The one file of a `multipart/form-data` body. Throws AppError `unsupported_media`, `too_large`, `bad_request`. */
export async function readMultipartFile(
  request: Request,
  maxBytes: number,
): Promise<{ readonly bytes: Uint8Array; readonly claims: string }> {
  const contentType = request.headers.get("content-type") ?? "";
  if (contentTypeOf(request) !== "multipart/form-data") {
    throw new AppError(
      "unsupported_media",
      `Send the file as multipart/form-data, or announce it as application/json; got ${contentType === "" ? "no Content-Type" : contentType}`,
    );
  }
  // Read with a cap first: `formData()` itself has none.
  const body = await readBytes(request, maxBytes + envelopeBytes, "uploadBytes");
  const form = await new Response(body, { headers: { "content-type": contentType } })
    .formData()
    .catch((error: unknown) => {
      throw new AppError("bad_request", "The body is not multipart/form-data that can be read", {
        cause: error,
      });
    });
  const files = [...form.values()].filter((value) => typeof value !== "string");
  const file = files[0];
  if (file === undefined || files.length > 1) {
    throw new AppError("bad_request", `The form must hold exactly one file, got ${files.length}`);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  // The file's name tells more than the type, which many senders leave at application/octet-stream.
  return { bytes, claims: file.name.includes(".") ? file.name : file.type };
}
