"use client";
import { Select as Base } from "@base-ui/react/select";
import clsx from "clsx";
import { Check, ChevronDown } from "lucide-react";
import { Icon } from "./icon.tsx";
import { popupClass, popupItemClass } from "./popup.ts";
import { fieldClass } from "./text-field.tsx";

export interface SelectOption {
  readonly value: string;
  readonly label: string;
}
export interface SelectProps {
  readonly label: string;
  readonly value: string | null;
  readonly options: readonly SelectOption[];
  readonly onChange: (value: string) => void;
  readonly size?: "small" | "normal" | "touch";
  readonly invalid?: boolean;
  readonly disabled?: boolean;
}

const sizes = {
  small: "h-6 rounded-in! pl-1.5 pr-1 text-12",
  normal: "h-8 pl-2 pr-2 text-13",
  touch: "h-12 px-3 text-15",
};

export function Select({
  label,
  value,
  options,
  onChange,
  size = "normal",
  invalid = false,
  disabled = false,
}: SelectProps) {
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      disabled={disabled}
    >
      <Base.Trigger
        aria-label={label}
        aria-invalid={invalid}
        className={clsx(
          fieldClass,
          "nodrag flex items-center gap-2 text-left hover:bg-hover",
          sizes[size],
        )}
      >
        <Base.Value className="min-w-0 flex-1 truncate" placeholder="Choose" />
        <Base.Icon className="text-ink-2">
          <Icon of={ChevronDown} size={size === "small" ? 12 : 16} />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Base.Popup
            className={clsx(
              popupClass,
              "max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto",
            )}
          >
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} className={popupItemClass}>
                <span className="flex size-4 items-center">
                  <Base.ItemIndicator>
                    <Icon of={Check} />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText className="truncate">{option.label}</Base.ItemText>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
