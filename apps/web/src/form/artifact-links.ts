import type { ArtifactRef } from "@heddle/core";
import { create } from "zustand";

interface ArtifactLinks {
  readonly urls: Readonly<Record<string, string>>;
  readonly remember: (sha256: string, url: string) => void;
}

/**
 * Signed links of stored files by SHA-256. A document holds the reference alone, since a link expires; whoever brings
 * a file to the page (an upload, a loaded workflow, a run) remembers its link here.
 */
export const useArtifactLinks = create<ArtifactLinks>((set) => ({
  urls: {},
  remember: (sha256, url) =>
    set((state) =>
      state.urls[sha256] === url ? state : { urls: { ...state.urls, [sha256]: url } },
    ),
}));

/** The link of a stored file, or null while nobody has brought it. */
export function useArtifactUrl(artifact: ArtifactRef | null): string | null {
  return useArtifactLinks((state) =>
    artifact === null ? null : (state.urls[artifact.sha256] ?? null),
  );
}
