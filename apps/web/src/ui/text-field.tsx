"use client";
import clsx from "clsx";
import { type ComponentPropsWithRef, useLayoutEffect, useRef } from "react";

export const fieldClass =
  "w-full min-w-0 rounded-ui bg-transparent text-ink-1 shadow-[inset_0_0_0_1px_var(--line-control)] transition-shadow duration-(--fast) disabled:opacity-50 aria-invalid:shadow-[inset_0_0_0_1px_var(--danger)] focus-visible:outline-offset-0";

export interface TextFieldProps extends Omit<ComponentPropsWithRef<"input">, "size"> {
  readonly size?: "small" | "normal" | "touch";
}

const sizes = {
  small: "h-6 rounded-in! px-1.5 text-12",
  normal: "h-8 px-2 text-13",
  touch: "h-12 px-3 text-15",
};

export function TextField({ size = "normal", className, type = "text", ...rest }: TextFieldProps) {
  return <input type={type} className={clsx(fieldClass, sizes[size], className)} {...rest} />;
}

export interface TextAreaProps extends ComponentPropsWithRef<"textarea"> {
  /** Grows with its text between these many rows. */
  readonly minRows?: number;
  readonly maxRows?: number;
}

export function TextArea({ minRows = 3, maxRows = 12, className, value, ...rest }: TextAreaProps) {
  const element = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const area = element.current;
    if (area === null) return;
    area.style.height = "0";
    area.style.height = `${Math.max(minRows * 20 + 12, Math.min(area.scrollHeight, maxRows * 20 + 12))}px`;
  }, [value, minRows, maxRows]);
  return (
    <textarea
      ref={element}
      value={value}
      className={clsx(fieldClass, "block resize-none px-2 py-1.5 text-13", className)}
      {...rest}
    />
  );
}
