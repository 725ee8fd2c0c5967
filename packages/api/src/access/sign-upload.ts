import { createHmac, timingSafeEqual } from "node:crypto";

export interface UploadLink {
  readonly secret: string;
  readonly uploadId: string;
  /** Unix time in seconds after which the link no longer works. */
  readonly expiresAt: number;
}

/** The `sig` query value of a link that a file may be sent to without a key. */
export function signUpload(link: UploadLink): string {
  return `${link.expiresAt.toString(36)}.${hmac(link).toString("base64url")}`;
}

/** Whether `sig` was made by `signUpload` for this upload and has not expired. `now`: Unix time in seconds. */
export function verifyUploadSignature(options: {
  readonly secret: string;
  readonly uploadId: string;
  readonly sig: string;
  readonly now: number;
}): boolean {
  const match = /^([0-9a-z]{1,10})\.([A-Za-z0-9_-]{43})$/.exec(options.sig);
  if (match?.[1] === undefined || match[2] === undefined) return false;
  const expiresAt = Number.parseInt(match[1], 36);
  const given = Buffer.from(match[2], "base64url");
  return timingSafeEqual(given, hmac({ ...options, expiresAt })) && options.now <= expiresAt;
}

function hmac({ secret, uploadId, expiresAt }: UploadLink): Buffer {
  return createHmac("sha256", secret).update(`upload\n${uploadId}\n${expiresAt}`).digest();
}
