"use client";
import { Switch as Base } from "@base-ui/react/switch";

export interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function Switch({ label, checked, onChange, disabled = false }: SwitchProps) {
  return (
    <Base.Root
      aria-label={label}
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      className="flex h-5 w-9 flex-none items-center rounded-full p-0.5 shadow-[inset_0_0_0_1px_var(--line-control)] transition-colors duration-(--fast) data-checked:bg-accent data-checked:shadow-none data-disabled:opacity-40"
    >
      <Base.Thumb className="size-4 rounded-full bg-ink-2 transition-transform duration-(--fast) data-checked:translate-x-4 data-checked:bg-on-accent" />
    </Base.Root>
  );
}
