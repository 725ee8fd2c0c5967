"use client";
import { Dices } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { NumberField } from "../ui/number-field.tsx";
import type { FieldControlProps } from "./field-control.tsx";

const largestSeed = 2 ** 32 - 1;

/** A seed, and a die that draws a new one: the same seed gives the same picture. */
export function SeedControl({
  field,
  value,
  onChange,
  onCommit,
  size = "normal",
  invalid = false,
}: FieldControlProps) {
  const draw = () => {
    onChange(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
    onCommit?.();
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-2">
      <NumberField
        label={field.label}
        value={typeof value === "number" ? value : null}
        onChange={(next) => next !== null && onChange(Math.round(next))}
        onCommit={onCommit}
        min={0}
        max={field.max ?? largestSeed}
        size={size}
        invalid={invalid}
      />
      <Button
        variant="line"
        size={size}
        onClick={draw}
        aria-label={`New ${field.label.toLowerCase()}`}
      >
        <Icon of={Dices} />
        New
      </Button>
    </div>
  );
}
