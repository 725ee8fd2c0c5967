"use client";
import type { Field, Json } from "@heddle/core";
import { jsonWords } from "./json-words.ts";

export interface WordsFieldProps {
  readonly field: Field;
  readonly value: Json | undefined;
  readonly onChange: (value: Json) => void;
  readonly onDone: () => void;
}

/** A text on the node, edited where it stands; a list has one item on each line. */
export function WordsField({ field, value, onChange, onDone }: WordsFieldProps) {
  return (
    <textarea
      className="nodrag nopan nowheel"
      aria-label={field.label}
      value={jsonWords(value)}
      maxLength={field.maxLength}
      placeholder={field.placeholder}
      spellCheck={false}
      onChange={(event) =>
        onChange(field.type.list ? event.target.value.split("\n") : event.target.value)
      }
      onBlur={onDone}
    />
  );
}
