import type { OutputItem } from "@heddle/api";
import { MediaShape } from "../ui/media-shape.tsx";
import { FilmView } from "./film-view.tsx";

/** One result, filling a small square: a picture, a film that stands still, the first words, a number. */
export function ResultThumb({ item }: { readonly item: OutputItem }) {
  switch (item.media) {
    case "image":
      return (
        <img
          src={item.url}
          alt=""
          loading="lazy"
          decoding="async"
          className="size-full object-cover"
        />
      );
    case "video":
      return (
        <FilmView
          url={item.url}
          contentType={item.contentType}
          label=""
          still
          className="size-full object-cover"
        />
      );
    case "text":
      return (
        <span className="block size-full overflow-hidden p-1 text-left text-[8px] leading-[10px] text-ink-2">
          {item.text.slice(0, 120)}
        </span>
      );
    case "number":
      return (
        <span className="grid size-full place-items-center truncate text-11">
          {Number(item.number.toPrecision(4))}
        </span>
      );
    case "lora":
      return (
        <span className="grid size-full place-items-center">
          <MediaShape media="lora" size={12} />
        </span>
      );
  }
}
