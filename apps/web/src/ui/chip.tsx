import type { PortType } from "@heddle/core";
import type { ReactNode } from "react";
import { MediaShape } from "./media-shape.tsx";

export interface ChipProps {
  readonly media: PortType["media"];
  readonly list?: boolean;
  readonly children: ReactNode;
}

/** A value of a media type, in words: its shape and name on its soft colour. */
export function Chip({ media, list = false, children }: ChipProps) {
  return (
    <span
      className={`media-${media} inline-flex h-6 max-w-full items-center gap-1.5 rounded-in bg-(--t-soft) px-2 text-12 font-medium whitespace-nowrap text-(--t)`}
    >
      <MediaShape media={media} list={list} size={8} />
      <span className="truncate">{children}</span>
    </span>
  );
}
