"use client";
import type { Field, Json } from "@heddle/core";
import { NumberField } from "../../ui/number-field.tsx";
import { Select } from "../../ui/select.tsx";
import { Slider } from "../../ui/slider.tsx";
import { Switch } from "../../ui/switch.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useNode, useSession } from "../session-context.tsx";
import { jsonWords } from "./json-words.ts";
import { Swatch } from "./swatch.tsx";
import { WordsField } from "./words-field.tsx";

/** A pinned parameter on the node itself, in one row. */
export function NodeParam({ nodeId, field }: { readonly nodeId: string; readonly field: Field }) {
  const session = useSession();
  const value = useNode(nodeId)?.params[field.name] ?? field.default;
  const set = (next: Json) => session.setParam(nodeId, field.name, next);
  const wide = field.widget === "textarea" || field.widget === "texts";
  return (
    <div className={wide ? "node-param wide nodrag" : "node-param nodrag"}>
      <span className="name">{field.label}</span>
      <Control field={field} value={value} set={set} done={session.doc.endMerge} />
    </div>
  );
}

interface ControlProps {
  readonly field: Field;
  readonly value: Json | undefined;
  readonly set: (value: Json) => void;
  readonly done: () => void;
}

function Control(props: ControlProps) {
  const { field, value, set, done } = props;
  const { label } = field;
  switch (field.widget) {
    case "slider":
    case "number":
    case "seed":
      return <NumberControl {...props} />;
    case "select":
      return (
        <span className="control">
          <Select
            label={label}
            size="small"
            value={jsonWords(value)}
            options={field.options ?? []}
            onChange={set}
          />
        </span>
      );
    case "switch":
      return (
        <span className="control end">
          <Switch label={label} checked={value === true} onChange={set} />
        </span>
      );
    case "textarea":
    case "texts":
      return <WordsField field={field} value={value} onChange={set} onDone={done} />;
    case "text":
      return (
        <span className="control">
          <TextField
            aria-label={label}
            size="small"
            value={jsonWords(value)}
            maxLength={field.maxLength}
            placeholder={field.placeholder}
            onChange={(event) => set(event.target.value)}
            onBlur={done}
          />
        </span>
      );
    case "colour":
      return (
        <span className="control end">
          <Swatch label={label} value={jsonWords(value)} onChange={set} onDone={done} />
        </span>
      );
    case "file":
    case "files":
    case "port":
      return null;
    default:
      return field.widget satisfies never;
  }
}

function NumberControl({ field, value, set, done }: ControlProps) {
  const { label, min, max, step, integer, unit } = field;
  const number = typeof value === "number" ? value : null;
  const stride = step ?? (integer === true ? 1 : undefined);
  if (field.widget === "slider" && min !== undefined && max !== undefined) {
    return (
      <>
        <span className="control">
          <Slider
            label={label}
            value={number ?? min}
            min={min}
            max={max}
            step={stride ?? (max - min) / 100}
            onChange={set}
            onCommit={done}
          />
        </span>
        <b>{number === null ? "" : Number(number.toPrecision(4))}</b>
      </>
    );
  }
  return (
    <span className="control number">
      <NumberField
        label={label}
        size="small"
        value={number}
        min={min}
        max={max}
        step={stride}
        unit={unit}
        onChange={(next) => next !== null && set(next)}
        onCommit={done}
      />
    </span>
  );
}
