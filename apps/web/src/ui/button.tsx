"use client";
import clsx from "clsx";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { Kbd } from "./kbd.tsx";
import { Tooltip } from "./tooltip.tsx";

export type ButtonVariant = "plain" | "line" | "primary" | "danger";
export type ButtonSize = "small" | "normal" | "touch";

const variants: Record<ButtonVariant, string> = {
  plain: "text-ink-1 enabled:hover:bg-hover",
  line: "text-ink-1 shadow-[inset_0_0_0_1px_var(--line-control)] enabled:hover:bg-hover",
  primary: "bg-accent text-on-accent enabled:hover:brightness-110",
  danger: "text-danger shadow-[inset_0_0_0_1px_var(--danger)] enabled:hover:bg-danger-soft",
};
const sizes: Record<ButtonSize, string> = {
  small: "h-6 gap-1 rounded-in px-2 text-12",
  normal: "h-8 gap-2 rounded-ui px-3 text-13",
  touch: "h-12 gap-2 rounded-ui px-4 text-15",
};

export interface ButtonProps extends ComponentPropsWithRef<"button"> {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
}

/** The classes of a button, for links that look like one. */
export function buttonClass(variant: ButtonVariant = "plain", size: ButtonSize = "normal"): string {
  return clsx(
    "inline-flex items-center justify-center font-medium whitespace-nowrap transition-colors duration-(--fast) select-none disabled:opacity-40",
    variants[variant],
    sizes[size],
  );
}

export function Button({
  variant = "plain",
  size = "normal",
  className,
  type = "button",
  ...rest
}: ButtonProps) {
  return <button type={type} className={clsx(buttonClass(variant, size), className)} {...rest} />;
}

export interface IconButtonProps extends Omit<ComponentPropsWithRef<"button">, "children"> {
  /** The accessible name, shown as a tooltip. */
  readonly label: string;
  readonly shortcut?: string | undefined;
  readonly size?: ButtonSize;
  readonly children: ReactNode;
}

const iconSizes: Record<ButtonSize, string> = {
  small: "size-6 rounded-in",
  normal: "size-8 rounded-ui",
  touch: "size-11 rounded-ui",
};

export function IconButton({
  label,
  shortcut,
  size = "normal",
  className,
  children,
  ...rest
}: IconButtonProps) {
  const hint =
    shortcut === undefined ? (
      label
    ) : (
      <>
        {label}
        <Kbd>{shortcut}</Kbd>
      </>
    );
  return (
    <Tooltip content={hint}>
      <button
        type="button"
        aria-label={label}
        className={clsx(
          "inline-flex flex-none items-center justify-center text-ink-2 transition-colors duration-(--fast) enabled:hover:bg-hover enabled:hover:text-ink-1 disabled:opacity-40",
          iconSizes[size],
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}
