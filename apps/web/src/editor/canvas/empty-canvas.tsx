"use client";
import { Kbd } from "../../ui/kbd.tsx";
import { MediaShape } from "../../ui/media-shape.tsx";

/** What an empty canvas teaches. */
export function EmptyCanvas() {
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center">
      <div className="max-w-80 text-center">
        <div className="mb-4 flex items-center justify-center gap-2">
          <MediaShape media="image" size={12} />
          <span className="h-0.5 w-10" style={{ background: "var(--media-image)" }} />
          <MediaShape media="image" hollow size={12} />
        </div>
        <h2 className="text-15 font-semibold">Put the first node here</h2>
        <p className="mt-2 text-13 text-ink-2">
          Press <Kbd>/</Kbd> and type what you want to make, or drag a node from the left. Then pull
          a wire from one port to the next: only what fits lights up.
        </p>
      </div>
    </div>
  );
}
