"use client";
import { Slider as Base } from "@base-ui/react/slider";

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number | undefined;
  readonly onChange: (value: number) => void;
  /** The pointer was released or a key was pressed: the change is complete. */
  readonly onCommit?: (() => void) | undefined;
  readonly disabled?: boolean;
}

export function Slider({
  label,
  value,
  min,
  max,
  step = 1,
  onChange,
  onCommit,
  disabled = false,
}: SliderProps) {
  return (
    <Base.Root
      value={value}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      onValueChange={(next) => onChange(typeof next === "number" ? next : (next[0] ?? min))}
      {...(onCommit === undefined ? {} : { onValueCommitted: onCommit })}
      className="nodrag nopan min-w-0"
    >
      <Base.Control className="flex h-6 touch-none items-center px-[7px] select-none data-disabled:opacity-40">
        <Base.Track className="relative h-1 w-full rounded-[2px] bg-[color-mix(in_srgb,var(--line-control)_60%,transparent)]">
          <Base.Indicator className="rounded-[2px] bg-accent-line" />
          <Base.Thumb
            aria-label={label}
            className="size-3.5 rounded-full border-2 border-accent-line bg-panel has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-accent-line"
          />
        </Base.Track>
      </Base.Control>
    </Base.Root>
  );
}
