"use client";

export interface SwatchProps {
  readonly label: string;
  /** `#rrggbb` or `#rrggbbaa`; the opacity stays as it is. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onDone: () => void;
}

/** A colour to pick, small enough for a node. */
export function Swatch({ label, value, onChange, onDone }: SwatchProps) {
  return (
    <input
      type="color"
      aria-label={label}
      value={/^#[0-9a-f]{6}/i.test(value) ? value.slice(0, 7) : "#000000"}
      onChange={(event) => onChange(event.target.value + value.slice(7, 9))}
      onBlur={onDone}
      className="h-5 w-10 cursor-pointer appearance-none rounded-in border-0 bg-transparent p-0 [&::-webkit-color-swatch]:rounded-in [&::-webkit-color-swatch]:border-line [&::-webkit-color-swatch-wrapper]:p-0"
    />
  );
}
