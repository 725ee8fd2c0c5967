"use client";
import { Plus, X } from "lucide-react";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { TextField } from "../ui/text-field.tsx";
import type { FieldControlProps } from "./field-control.tsx";

/** A list of short texts, one a row. */
export function TextsControl({
  field,
  value,
  onChange,
  onCommit,
  size = "normal",
}: FieldControlProps) {
  const texts = Array.isArray(value)
    ? value.map((item) => (typeof item === "string" ? item : JSON.stringify(item)))
    : [];
  const remove = (index: number) => {
    onChange(texts.toSpliced(index, 1));
    onCommit?.();
  };
  return (
    <div className="flex flex-col gap-1">
      {texts.map((text, index) => (
        <div key={index} className="flex items-center gap-1">
          <TextField
            aria-label={`${field.label} ${index + 1}`}
            size={size}
            value={text}
            onChange={(event) => onChange(texts.with(index, event.target.value))}
            onBlur={onCommit}
          />
          <IconButton
            size="small"
            label={`Remove ${field.label.toLowerCase()} ${index + 1}`}
            onClick={() => remove(index)}
          >
            <Icon of={X} size={12} />
          </IconButton>
        </div>
      ))}
      <Button
        variant="line"
        size="small"
        className="self-start"
        onClick={() => onChange([...texts, ""])}
      >
        <Icon of={Plus} size={12} />
        Add
      </Button>
    </div>
  );
}
