import type { OutputItem } from "@heddle/api";
import { FilmView } from "./film-view.tsx";

export interface SeenResultProps {
  readonly item: Extract<OutputItem, { media: "image" | "video" }>;
  readonly label: string;
  readonly className?: string;
  /** Of a film: buttons to stop and seek. */
  readonly controls?: boolean;
}

/** A picture or a film, in the size that it is given. */
export function SeenResult({ item, label, className = "", controls = false }: SeenResultProps) {
  if (item.media === "image")
    return (
      <img
        src={item.url}
        alt={label}
        draggable={false}
        loading="lazy"
        decoding="async"
        className={className}
      />
    );
  const { url, contentType } = item;
  return <FilmView {...{ url, contentType, label, className, controls }} />;
}
