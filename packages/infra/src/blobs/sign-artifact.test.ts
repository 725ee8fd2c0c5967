import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signArtifact, verifyArtifactSignature } from "./sign-artifact.ts";

const sha256 = "a".repeat(64);
const secret = "a secret of the server";

describe("artifact links", () => {
  it("open the artifact that they were made for until they expire", () => {
    const sig = signArtifact({ secret, sha256, expiresAt: 1_000 });
    expect(verifyArtifactSignature({ secret, sha256, sig, now: 1_000 })).toBe(true);
    expect(verifyArtifactSignature({ secret, sha256, sig, now: 1_001 })).toBe(false);
    expect(verifyArtifactSignature({ secret, sha256: "b".repeat(64), sig, now: 0 })).toBe(false);
    expect(verifyArtifactSignature({ secret: "another", sha256, sig, now: 0 })).toBe(false);
  });

  it("without an expiry work for as long as the secret does", () => {
    const sig = signArtifact({ secret, sha256 });
    expect(verifyArtifactSignature({ secret, sha256, sig, now: 4e9 })).toBe(true);
  });

  it("refuse every other text, without throwing", () => {
    const right = signArtifact({ secret, sha256, expiresAt: 1_000 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant(right.replace(/^[^.]+/, "zzzz"))), (sig) => {
        expect(verifyArtifactSignature({ secret, sha256, sig, now: 0 })).toBe(false);
      }),
    );
  });
});
