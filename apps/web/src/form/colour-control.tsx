"use client";
import { TextField } from "../ui/text-field.tsx";
import type { FieldControlProps } from "./field-control.tsx";

/** A colour as a swatch to pick from and as `#rrggbb` or `#rrggbbaa` to type. */
export function ColourControl({
  field,
  value,
  onChange,
  onCommit,
  size = "normal",
  invalid = false,
}: FieldControlProps) {
  const text = typeof value === "string" ? value : "#000000";
  const alpha = text.slice(7, 9);
  return (
    <div className="grid grid-cols-[32px_minmax(0,1fr)] gap-2">
      <input
        type="color"
        aria-label={`${field.label}, swatch`}
        value={/^#[0-9a-f]{6}/i.test(text) ? text.slice(0, 7) : "#000000"}
        onChange={(event) => onChange(event.target.value + alpha)}
        onBlur={onCommit}
        className="size-8 cursor-pointer appearance-none overflow-hidden rounded-ui border-0 bg-transparent p-0 shadow-[inset_0_0_0_1px_var(--line-control)] [&::-webkit-color-swatch]:rounded-in [&::-webkit-color-swatch]:border-0 [&::-webkit-color-swatch-wrapper]:p-1"
      />
      <TextField
        aria-label={field.label}
        aria-invalid={invalid}
        size={size}
        className="font-mono"
        value={text}
        maxLength={9}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onCommit}
      />
    </div>
  );
}
