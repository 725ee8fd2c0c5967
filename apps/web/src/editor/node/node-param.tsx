"use client";
import type { Field, Json } from "@heddle/core";
import { NumberField } from "../../ui/number-field.tsx";
import { Select } from "../../ui/select.tsx";
import { Slider } from "../../ui/slider.tsx";
import { Switch } from "../../ui/switch.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useNode, useSession } from "../session-context.tsx";
import { setParam } from "../state/actions.ts";
import { jsonWords } from "./json-words.ts";

/** A pinned parameter on the node itself, in one row. */
export function NodeParam({ nodeId, field }: { readonly nodeId: string; readonly field: Field }) {
  const session = useSession();
  const value = useNode(nodeId)?.params[field.name] ?? field.default;
  const set = (next: Json) => setParam(session, nodeId, field.name, next);
  const done = () => session.doc.endMerge();
  const wide = field.widget === "textarea" || field.widget === "texts";
  return (
    <div className={wide ? "node-param wide nodrag" : "node-param nodrag"}>
      <span className="name">{field.label}</span>
      <Control field={field} value={value} set={set} done={done} />
    </div>
  );
}

interface ControlProps {
  readonly field: Field;
  readonly value: Json | undefined;
  readonly set: (value: Json) => void;
  readonly done: () => void;
}

function Control({ field, value, set, done }: ControlProps) {
  const { label, min, max, step } = field;
  const number = typeof value === "number" ? value : null;
  const text = jsonWords(value);
  switch (field.widget) {
    case "slider":
      if (min === undefined || max === undefined) return null;
      return (
        <>
          <Slider label={label} value={number ?? min} min={min} max={max} step={step ?? (field.integer === true ? 1 : (max - min) / 100)} onChange={set} onCommit={done} />
          <b>{number === null ? "" : shortNumber(number)}</b>
        </>
      );
    case "number":
    case "seed":
      return (
        <span className="col-span-2 ml-auto w-20">
          <NumberField label={label} size="small" value={number} min={min} max={max} step={step ?? (field.integer === true ? 1 : undefined)} unit={field.unit} onChange={(next) => next !== null && set(next)} onCommit={done} />
        </span>
      );
    case "select":
      return (
        <span className="col-span-2">
          <Select label={label} size="small" value={text} options={field.options ?? []} onChange={set} />
        </span>
      );
    case "switch":
      return (
        <span className="col-span-2 flex justify-end">
          <Switch label={label} checked={value === true} onChange={set} />
        </span>
      );
    case "textarea":
    case "texts":
      return (
        <textarea
          className="nowheel"
          aria-label={label}
          value={text}
          maxLength={field.maxLength}
          placeholder={field.placeholder}
          spellCheck={false}
          onChange={(event) => set(field.type.list ? event.target.value.split("\n") : event.target.value)}
          onBlur={done}
        />
      );
    case "text":
      return (
        <span className="col-span-2">
          <TextField aria-label={label} size="small" value={text} maxLength={field.maxLength} placeholder={field.placeholder} onChange={(event) => set(event.target.value)} onBlur={done} />
        </span>
      );
    case "colour":
      return (
        <span className="col-span-2 flex justify-end">
          <input
            type="color"
            aria-label={label}
            value={/^#[0-9a-f]{6}/i.test(text) ? text.slice(0, 7) : "#000000"}
            onChange={(event) => set(event.target.value + text.slice(7, 9))}
            onBlur={done}
            className="h-5 w-10 cursor-pointer appearance-none rounded-in border-0 bg-transparent p-0 [&::-webkit-color-swatch]:rounded-in [&::-webkit-color-swatch]:border-line [&::-webkit-color-swatch-wrapper]:p-0"
          />
        </span>
      );
    default:
      return null;
  }
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
