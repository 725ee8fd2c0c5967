"use client";
import type { LinkedValue, OutputItem } from "@heddle/api";
import type { PortType } from "@heddle/core";
import { Film } from "lucide-react";
import type { ReactNode } from "react";
import { outputItems } from "../../results/output-items.ts";
import { SeenResult } from "../../results/seen-result.tsx";
import { Icon } from "../../ui/icon.tsx";
import { MediaShape } from "../../ui/media-shape.tsx";
import { bytes, seconds } from "../../words/amounts.ts";

export interface PictureProps {
  readonly value: LinkedValue | undefined;
  /** What the node makes, shown hollow while it has made nothing. */
  readonly media: PortType["media"];
  readonly alt: string;
  readonly height: number | string;
  readonly columns: number;
  /** Over the picture: a tag, a bar. */
  readonly children?: ReactNode;
  readonly onOpen?: ((index: number) => void) | undefined;
}

/** What a node shows: one picture or film flush to its edges, or a contact sheet of several. */
export function Picture({ value, media, alt, height, columns, children, onOpen }: PictureProps) {
  const items = value === undefined ? [] : outputItems(value);
  const first = items[0];
  if (first === undefined) {
    return (
      <span className="pic" style={{ height }}>
        <span className="pic-empty">
          <MediaShape media={media} list={value?.media === "list"} hollow size={20} />
        </span>
        {children}
      </span>
    );
  }
  if (items.length === 1) {
    return (
      <span
        className={`pic${isTiny(first) ? " pixel" : ""}`}
        style={{ height }}
        onDoubleClick={() => onOpen?.(0)}
      >
        <ItemView item={first} alt={alt} />
        {children}
      </span>
    );
  }
  const shown = items.slice(0, 9);
  const hidden = items.length - shown.length;
  return (
    <span className="pic" style={{ height }}>
      <span
        className="pic sheet"
        style={{ height: "100%", gridTemplateColumns: `repeat(${columns}, 1fr)` }}
      >
        {shown.map((item, index) => (
          <span key={index} className="cell" onDoubleClick={() => onOpen?.(index)}>
            <ItemView item={item} alt={`${alt}, ${index + 1} of ${items.length}`} />
            {hidden > 0 && index === shown.length - 1 && (
              <span className="more">+{hidden + 1}</span>
            )}
          </span>
        ))}
      </span>
      {children}
    </span>
  );
}

function ItemView({ item, alt }: { readonly item: OutputItem; readonly alt: string }) {
  switch (item.media) {
    case "image":
      return <SeenResult item={item} label={alt} />;
    case "video":
      return (
        <>
          <SeenResult item={item} label={alt} />
          <span className="tag">
            <Icon of={Film} size={12} />
            {item.durationMs === undefined ? "film" : seconds(item.durationMs)}
          </span>
        </>
      );
    case "text":
      return <span className="node-words block">{item.text}</span>;
    case "number":
      return <span className="node-words number block">{item.number}</span>;
    case "lora":
      return (
        <span className="pic-empty">
          <MediaShape media="lora" size={20} />
          <span className="tag">{bytes(item.sizeBytes)}</span>
        </span>
      );
  }
}

/** Pictures this small are looked at pixel by pixel. */
function isTiny(item: OutputItem): boolean {
  return item.media === "image" && Math.max(item.width ?? 64, item.height ?? 64) < 64;
}
