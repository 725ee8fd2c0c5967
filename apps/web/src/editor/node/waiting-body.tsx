"use client";
import type { PortType } from "@heddle/core";
import { outputItems } from "../../results/output-items.ts";
import { DecideButtons } from "../../runs/decide-buttons.tsx";
import { useSession } from "../session-context.tsx";
import { decideStep } from "../state/actions.ts";
import type { Activity } from "../state/run-state.ts";
import { Picture } from "./picture.tsx";
import { valueWords } from "./shown-value.ts";

export interface WaitingBodyProps {
  readonly activity: Extract<Activity, { kind: "waiting" }>;
  readonly title: string;
  readonly media: PortType["media"];
  readonly height: number;
  readonly columns: number;
}

/** What a person is asked about, with the two answers below it. */
export function WaitingBody({ activity, title, media, height, columns }: WaitingBodyProps) {
  const session = useSession();
  const value = Object.values(activity.outputs)[0];
  const words = value === undefined ? "" : valueWords(value);
  const items = value === undefined ? [] : outputItems(value);
  return (
    <div className="relative" style={{ height }}>
      {words === "" ? (
        <Picture
          value={value}
          media={media}
          alt={`${title}, to be approved`}
          height={height}
          columns={columns}
          onOpen={(index) => session.ui.setState({ lightbox: { title, items, index } })}
        />
      ) : (
        <p className="node-words nowheel">{words}</p>
      )}
      <div className="node-ask nodrag nopan">
        <DecideButtons
          title={title}
          onDecide={(approve) => void decideStep(session, activity, approve)}
        />
      </div>
    </div>
  );
}
