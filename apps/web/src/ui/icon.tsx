import type { LucideIcon } from "lucide-react";

export interface IconProps {
  readonly of: LucideIcon;
  /** 16 in the interface, 12 in a line of facts. */
  readonly size?: 12 | 16;
  readonly className?: string;
}

/** The one icon set: lucide, drawn with 1.5 px strokes whatever its size. Decorative; the words stand beside it. */
export function Icon({ of: Drawing, size = 16, className }: IconProps) {
  return (
    <Drawing
      size={size}
      strokeWidth={size === 12 ? 1.75 : 1.5}
      absoluteStrokeWidth
      aria-hidden="true"
      {...(className === undefined ? {} : { className })}
    />
  );
}
