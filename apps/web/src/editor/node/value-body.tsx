"use client";
import type { Field, Json } from "@heddle/core";
import { Dices } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { NumberField } from "../../ui/number-field.tsx";
import { Select } from "../../ui/select.tsx";
import { Slider } from "../../ui/slider.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useNode, useSession } from "../session-context.tsx";
import { jsonWords } from "./json-words.ts";
import { WordsField } from "./words-field.tsx";

export interface ValueBodyProps {
  readonly nodeId: string;
  /** The field with the node's own range, options and label. */
  readonly field: Field;
}

/** The value that an input node holds, edited where it stands. */
export function ValueBody({ nodeId, field }: ValueBodyProps) {
  const session = useSession();
  const value = useNode(nodeId)?.params["value"] ?? field.default;
  const set = (next: Json) => session.setParam(nodeId, "value", next);
  const done = session.doc.endMerge;
  switch (field.widget) {
    case "select":
      return (
        <Row>
          <Select
            label={field.label}
            size="small"
            value={jsonWords(value)}
            options={field.options ?? []}
            onChange={set}
          />
        </Row>
      );
    case "switch":
      return (
        <Row>
          <Switch label={field.label} checked={value === true} onChange={set} />
        </Row>
      );
    case "number":
    case "slider":
    case "seed":
      return (
        <NumberBody
          field={field}
          value={typeof value === "number" ? value : null}
          set={set}
          done={done}
        />
      );
    case "text":
    case "textarea":
    case "texts":
    case "colour":
    case "file":
    case "files":
    case "port":
      return (
        <div className="node-value">
          <WordsField field={field} value={value} onChange={set} onDone={done} />
        </div>
      );
    default:
      return field.widget satisfies never;
  }
}

interface NumberBodyProps {
  readonly field: Field;
  readonly value: number | null;
  readonly set: (value: number) => void;
  readonly done: () => void;
}

function NumberBody({ field, value, set, done }: NumberBodyProps) {
  const { label, min, max, unit, widget } = field;
  const whole = field.integer === true || widget === "seed";
  const step = field.step ?? (whole ? 1 : undefined);
  const draw = () => set(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
  return (
    <Row>
      <NumberField
        label={label}
        size="small"
        value={value}
        onChange={(next) => next !== null && set(whole ? Math.round(next) : next)}
        onCommit={done}
        min={min}
        max={max}
        step={step}
        unit={unit}
      />
      {widget === "seed" && (
        <IconButton label="New seed" size="small" className="nodrag" onClick={draw}>
          <Icon of={Dices} />
        </IconButton>
      )}
      {widget === "slider" && min !== undefined && max !== undefined && (
        <Slider
          label={`${label}, slider`}
          value={value ?? min}
          min={min}
          max={max}
          step={step}
          onChange={set}
          onCommit={done}
        />
      )}
    </Row>
  );
}

function Row({ children }: { readonly children: ReactNode }) {
  return (
    <div className="node-value">
      <div className="row nodrag">{children}</div>
    </div>
  );
}
