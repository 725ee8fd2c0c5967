"use client";
import type { Field, Json } from "@heddle/core";
import { NumberField } from "../ui/number-field.tsx";
import { Select } from "../ui/select.tsx";
import { Slider } from "../ui/slider.tsx";
import { Switch } from "../ui/switch.tsx";
import { TextArea, TextField } from "../ui/text-field.tsx";
import { ColourControl } from "./colour-control.tsx";
import { FileControl, FilesControl } from "./file-control.tsx";
import { SeedControl } from "./seed-control.tsx";
import { TextsControl } from "./texts-control.tsx";

export interface FieldControlProps {
  readonly field: Field;
  /** What is set, or the default. */
  readonly value: Json | undefined;
  readonly onChange: (value: Json) => void;
  /** A change is complete: the pointer was released, the field was left. */
  readonly onCommit?: (() => void) | undefined;
  readonly size?: "small" | "normal" | "touch";
  readonly invalid?: boolean;
  readonly disabled?: boolean;
}

/** The control of one parameter, chosen by its widget; the caller draws label, help and problem around it. */
export function FieldControl(props: FieldControlProps) {
  const { field, value, onChange, disabled = false } = props;
  switch (field.widget) {
    case "slider":
    case "number":
      return <NumberControl {...props} />;
    case "seed":
      return <SeedControl {...props} />;
    case "switch":
      return (
        <Switch
          label={field.label}
          checked={value === true}
          onChange={onChange}
          disabled={disabled}
        />
      );
    case "select":
      return <ChoiceControl {...props} />;
    case "colour":
      return <ColourControl {...props} />;
    case "text":
    case "textarea":
      return <WordsControl {...props} />;
    case "texts":
      return <TextsControl {...props} />;
    case "file":
      return <FileControl {...props} />;
    case "files":
      return <FilesControl {...props} />;
    case "port":
      return null;
    default:
      return field.widget satisfies never;
  }
}

function ChoiceControl({
  field,
  value,
  onChange,
  size = "normal",
  invalid = false,
  disabled = false,
}: FieldControlProps) {
  return (
    <Select
      label={field.label}
      value={typeof value === "string" ? value : null}
      options={field.options ?? []}
      onChange={onChange}
      size={size}
      invalid={invalid}
      disabled={disabled}
    />
  );
}

function WordsControl({
  field,
  value,
  onChange,
  onCommit,
  size = "normal",
  invalid = false,
  disabled = false,
}: FieldControlProps) {
  const shared = {
    "aria-label": field.label,
    "aria-invalid": invalid,
    disabled,
    placeholder: field.placeholder,
    maxLength: field.maxLength,
    value: typeof value === "string" ? value : "",
    onBlur: onCommit,
  };
  if (field.widget === "textarea") {
    return <TextArea {...shared} onChange={(event) => onChange(event.target.value)} />;
  }
  return <TextField {...shared} size={size} onChange={(event) => onChange(event.target.value)} />;
}

/** A number with its slider where the range is known and short enough to aim at. */
function NumberControl({
  field,
  value,
  onChange,
  onCommit,
  size = "normal",
  invalid = false,
  disabled = false,
}: FieldControlProps) {
  const { min, max } = field;
  const number = typeof value === "number" ? value : null;
  const input = (
    <NumberField
      label={field.label}
      value={number}
      onChange={(next) => next !== null && onChange(next)}
      onCommit={onCommit}
      min={min}
      max={max}
      step={field.step ?? (field.integer === true ? 1 : undefined)}
      unit={field.unit}
      size={size}
      invalid={invalid}
      disabled={disabled}
    />
  );
  if (field.widget !== "slider" || min === undefined || max === undefined) return input;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_72px] items-center gap-2">
      <Slider
        label={`${field.label}, slider`}
        value={number ?? min}
        min={min}
        max={max}
        step={field.step ?? (field.integer === true ? 1 : (max - min) / 100)}
        onChange={onChange}
        onCommit={onCommit}
        disabled={disabled}
      />
      {input}
    </div>
  );
}
