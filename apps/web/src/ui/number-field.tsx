"use client";
import { NumberField as Base } from "@base-ui/react/number-field";
import clsx from "clsx";

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number | null;
  /** Every change while typing, dragging or stepping. */
  readonly onChange: (value: number | null) => void;
  readonly onCommit?: (() => void) | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly step?: number | undefined;
  readonly unit?: string | undefined;
  readonly size?: "small" | "normal" | "touch";
  readonly invalid?: boolean;
  readonly disabled?: boolean;
  readonly placeholder?: string | undefined;
  readonly id?: string | undefined;
}

const sizes = {
  small: "h-6 rounded-in px-1.5 text-12",
  normal: "h-8 rounded-ui px-2 text-13",
  touch: "h-12 rounded-ui px-3 text-15",
};

/** Type, step with the arrow keys (Shift ×10, Alt ÷10), or drag the unit sideways. */
export function NumberField(props: NumberFieldProps) {
  const {
    label,
    value,
    onChange,
    onCommit,
    min,
    max,
    step = 1,
    unit,
    size = "normal",
    invalid = false,
  } = props;
  return (
    <Base.Root
      value={value}
      onValueChange={onChange}
      {...(onCommit === undefined ? {} : { onValueCommitted: onCommit })}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      {...(props.id === undefined ? {} : { id: props.id })}
      step={step}
      smallStep={step / 10}
      largeStep={step * 10}
      disabled={props.disabled ?? false}
      locale="en-US"
      format={{ maximumFractionDigits: 6, useGrouping: false }}
      className="min-w-0"
    >
      <Base.Group
        className={clsx(
          "flex items-center gap-1 text-ink-1",
          invalid
            ? "shadow-[inset_0_0_0_1px_var(--danger)]"
            : "shadow-[inset_0_0_0_1px_var(--line-control)]",
          "focus-within:outline-2 focus-within:outline-accent-line",
          sizes[size],
        )}
      >
        <Base.Input
          aria-label={label}
          aria-invalid={invalid}
          placeholder={props.placeholder}
          className="w-full min-w-0 bg-transparent outline-none"
        />
        {unit !== undefined && (
          <Base.ScrubArea className="flex-none cursor-ew-resize text-11 text-ink-3 select-none">
            {unit}
          </Base.ScrubArea>
        )}
      </Base.Group>
    </Base.Root>
  );
}
