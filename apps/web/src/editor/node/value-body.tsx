"use client";
import type { Field, Json } from "@heddle/core";
import { Dices } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { NumberField } from "../../ui/number-field.tsx";
import { Select } from "../../ui/select.tsx";
import { Slider } from "../../ui/slider.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useNode, useSession } from "../session-context.tsx";
import { setParam } from "../state/actions.ts";
import { jsonWords } from "./json-words.ts";

export interface ValueBodyProps {
  readonly nodeId: string;
  /** The field with the node's own range, options and label. */
  readonly field: Field;
}

/** The value that an input node holds, edited where it stands. */
export function ValueBody({ nodeId, field }: ValueBodyProps) {
  const session = useSession();
  const value = useNode(nodeId)?.params["value"] ?? field.default;
  const set = (next: Json) => setParam(session, nodeId, "value", next);
  const done = () => session.doc.endMerge();
  const number = typeof value === "number" ? value : null;
  const text = jsonWords(value);
  switch (field.widget) {
    case "select":
      return (
        <Row>
          <Select label={field.label} size="small" value={text} options={field.options ?? []} onChange={set} />
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
        <Row>
          <NumberField
            label={field.label}
            size="small"
            value={number}
            onChange={(next) => next !== null && set(field.integer === true || field.widget === "seed" ? Math.round(next) : next)}
            onCommit={done}
            min={field.min}
            max={field.max}
            step={field.step ?? (field.integer === true ? 1 : undefined)}
            unit={field.unit}
          />
          {field.widget === "seed" && (
            <IconButton label="New seed" size="small" className="nodrag" onClick={() => set(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0)}>
              <Icon of={Dices} />
            </IconButton>
          )}
          {field.widget === "slider" && field.min !== undefined && field.max !== undefined && (
            <Slider label={`${field.label}, slider`} value={number ?? field.min} min={field.min} max={field.max} step={field.step} onChange={set} onCommit={done} />
          )}
        </Row>
      );
    default:
      return (
        <div className="node-value">
          <textarea
            className="nodrag nopan nowheel"
            aria-label={field.label}
            value={text}
            maxLength={field.maxLength}
            placeholder={field.placeholder}
            spellCheck={false}
            onChange={(event) => set(field.type.list ? event.target.value.split("\n") : event.target.value)}
            onBlur={done}
          />
        </div>
      );
  }
}

function Row({ children }: { readonly children: React.ReactNode }) {
  return (
    <div className="node-value">
      <div className="row nodrag">{children}</div>
    </div>
  );
}
