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
  /** With buttons to stop and seek; without, it plays by itself. */
  readonly controls?: boolean;
}

/** A film, muted and over and over; an animated picture is shown as what it is. It stands still for who wants less motion. */
export function FilmView({ url, contentType, label, controls = false, ...rest }: FilmViewProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!still) void video.current?.play().catch(() => {});
  }, [url]);
  if (contentType.startsWith("image/"))
    return <img src={url} alt={label} draggable={false} decoding="async" {...rest} />;
  return (
    <video
      ref={video}
      src={url}
      aria-label={label}
      controls={controls}
      muted
      loop
      playsInline
      preload="metadata"
      {...rest}
    />
  );
}
