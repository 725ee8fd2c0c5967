import { signArtifact } from "@heddle/infra";
import type { Api } from "../api.ts";
import type { LinkArtifact } from "./value.ts";

const weekSeconds = 7 * 24 * 3600;

/**
 * Signed links below `origin` (empty: relative to the page). They work for one to two weeks: the end is rounded to a whole
 * week, so that the same file has the same link for a while and browsers can keep it.
 */
export function linkArtifacts(api: Api, origin: string): LinkArtifact {
  const expiresAt = (Math.floor(api.now() / 1000 / weekSeconds) + 2) * weekSeconds;
  return ({ sha256 }) =>
    `${origin}/a/${sha256}?sig=${signArtifact({ secret: api.secret, sha256, expiresAt })}`;
}
