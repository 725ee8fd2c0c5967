"use client";
import { describePort, type Field } from "@heddle/core";
import { MediaShape } from "../../ui/media-shape.tsx";
import { Tooltip } from "../../ui/tooltip.tsx";
import { useDoc, useNodeProblems } from "../session-context.tsx";
import { problemWords } from "../state/problem-words.ts";
import { typesOf } from "../state/graph.ts";
import { Wires } from "./wires.tsx";

/** A media input: what it takes, and what is wired into it. */
export function InputRow({ nodeId, field }: { readonly nodeId: string; readonly field: Field }) {
  const problem = useNodeProblems(nodeId).find(({ portId }) => portId === field.name);
  const input = useDoc(({ document }) =>
    typesOf(document)
      .get(nodeId)
      ?.inputs.find((one) => one.field.name === field.name),
  );
  const type = input?.type ?? field.type;
  return (
    <div className="mb-1">
      <div className="grid min-h-8 grid-cols-[104px_minmax(0,1fr)] items-center gap-x-2">
        <span className="flex min-w-0 items-center gap-2 text-ink-2">
          <MediaShape
            media={type.media}
            list={type.list}
            hollow={input?.wired !== true}
            under="var(--panel)"
          />
          <Tooltip
            content={
              <span className="max-w-60">{field.help ?? `Takes ${describePort(type)}`}</span>
            }
            side="left"
          >
            <span className="truncate">{field.label}</span>
          </Tooltip>
        </span>
        <Wires nodeId={nodeId} field={field} />
      </div>
      {input?.mapped === true && (
        <p className="pl-[112px] text-11 text-ink-3">Runs once for each item of the list</p>
      )}
      {problem !== undefined && (
        <p role="alert" className="mt-1 text-12 text-danger">
          {problemWords(problem)}
        </p>
      )}
    </div>
  );
}
