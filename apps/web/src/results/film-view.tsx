"use client";
import { useEffect, useRef } from "react";

export interface FilmViewProps {
  readonly url: string;
  readonly contentType: string;
  readonly label: string;
  readonly className?: string;
  /** pixels, so that it takes its place before it is loaded */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** With buttons to stop and seek. */
  readonly controls?: boolean;
  /** Shows its first frame and does not play. */
  readonly still?: boolean;
}

/** A film, muted and over and over; an animated picture is shown as what it is. It stands still for who wants less motion. */
export function FilmView({
  url,
  contentType,
  label,
  controls = false,
  still = false,
  ...rest
}: FilmViewProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!still && !calm) void video.current?.play().catch(() => {});
  }, [url, still]);
  if (contentType.startsWith("image/"))
    return <img src={url} alt={label} draggable={false} decoding="async" {...rest} />;
  return (
    <video
      ref={video}
      src={url}
      {...(label === "" ? { "aria-hidden": true } : { "aria-label": label })}
      controls={controls}
      muted
      loop
      playsInline
      preload="metadata"
      {...rest}
    />
  );
}
