"use client";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { Toggle } from "@base-ui/react/toggle";
import clsx from "clsx";
import type { ReactNode } from "react";

export interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly onChange: (value: Value) => void;
  readonly size?: "small" | "normal" | "touch";
}

const sizes = {
  small: "h-6 rounded-in text-11",
  normal: "h-8 rounded-ui text-12",
  touch: "h-11 rounded-ui text-13",
};

/** One of a few, all visible. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onChange,
  size = "normal",
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={(next) => {
        const picked = options.find((option) => option.value === next[0]);
        if (picked !== undefined) onChange(picked.value);
      }}
      className={clsx("segmented inline-flex p-0.5", sizes[size])}
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className="inline-flex flex-1 items-center justify-center gap-1.5 rounded-[6px] px-2.5 font-medium whitespace-nowrap text-ink-2 hover:text-ink-1 data-pressed:text-ink-1"
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
