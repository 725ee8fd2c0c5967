import type { PortType } from "@heddle/core";

/** One outline per media type on a 10 × 10 grid; colour is never the only sign. */
const outlines: Record<PortType["media"], string> = {
  image: "M5 .8a4.2 4.2 0 1 1 0 8.4A4.2 4.2 0 0 1 5 .8z",
  video: "M1.6 1.4c0-.6.6-.9 1.1-.6l6 3.6c.5.3.5.9 0 1.2l-6 3.6c-.5.3-1.1 0-1.1-.6z",
  text: "M1.6 1.2h6.8q.4 0 .4.4v6.8q0 .4-.4.4H1.6q-.4 0-.4-.4V1.6q0-.4.4-.4z",
  number: "M5 .4 9.6 5 5 9.6.4 5z",
  lora: "M5 .4 9 2.7v4.6L5 9.6 1 7.3V2.7z",
  any: "M3.2 1.2h3.6a2 2 0 0 1 2 2v3.6a2 2 0 0 1-2 2H3.2a2 2 0 0 1-2-2V3.2a2 2 0 0 1 2-2z",
};

export interface MediaShapeProps {
  readonly media: PortType["media"];
  readonly list?: boolean;
  /** Hollow: takes, or is open. Filled: gives, or is wired. */
  readonly hollow?: boolean;
  /** Pixels; 10 on a port, 7 or 8 in a row of text. */
  readonly size?: number;
  /** What a hollow shape is filled with. */
  readonly under?: string;
}

/** The sign of a media type: a shape in its colour. Decorative; say the type in words beside it. */
export function MediaShape({
  media,
  list = false,
  hollow = false,
  size = 10,
  under = "var(--under, var(--canvas))",
}: MediaShapeProps) {
  const fill = hollow ? under : "var(--t)";
  const draw = {
    fill,
    stroke: "var(--t)",
    strokeWidth: 15 / size,
    strokeLinejoin: "round",
  } as const;
  return (
    <svg
      className={`media-${media} block flex-none overflow-visible`}
      width={size}
      height={size}
      viewBox="0 0 10 10"
      aria-hidden="true"
    >
      {list && <path d={outlines[media]} transform="translate(-3 0)" opacity={0.55} {...draw} />}
      <path d={outlines[media]} {...draw} />
    </svg>
  );
}
