import { createHmac, timingSafeEqual } from "node:crypto";

export interface SignArtifactOptions {
  readonly secret: string;
  readonly sha256: string;
  /** Unix time in seconds after which the link no longer works; absent: it works for as long as the secret does. */
  readonly expiresAt?: number;
}

/** The `sig` query value of an artifact link: `<expiry, base 36, or 0>.<HMAC-SHA-256, base64url>`. */
export function signArtifact({ secret, sha256, expiresAt = 0 }: SignArtifactOptions): string {
  return `${expiresAt.toString(36)}.${hmac(secret, sha256, expiresAt).toString("base64url")}`;
}

export interface VerifyArtifactOptions {
  readonly secret: string;
  readonly sha256: string;
  readonly sig: string;
  /** Unix time in seconds */
  readonly now: number;
}

/** Whether `sig` was made by `signArtifact` for this artifact and has not expired. */
export function verifyArtifactSignature({
  secret,
  sha256,
  sig,
  now,
}: VerifyArtifactOptions): boolean {
  const match = /^([0-9a-z]{1,10})\.([A-Za-z0-9_-]{43})$/.exec(sig);
  if (match?.[1] === undefined || match[2] === undefined) return false;
  const expiresAt = Number.parseInt(match[1], 36);
  const given = Buffer.from(match[2], "base64url");
  const right = timingSafeEqual(given, hmac(secret, sha256, expiresAt));
  return right && (expiresAt === 0 || now <= expiresAt);
}

function hmac(secret: string, sha256: string, expiresAt: number): Buffer {
  return createHmac("sha256", secret).update(`artifact\n${sha256}\n${expiresAt}`).digest();
}
