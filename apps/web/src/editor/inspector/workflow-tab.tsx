"use client";
import { catalog } from "@heddle/catalog";
import { describeInterface, describePort } from "@heddle/core";
import { useId, useMemo } from "react";
import { MediaShape } from "../../ui/media-shape.tsx";
import { TextArea, TextField } from "../../ui/text-field.tsx";
import { useDocument, useSession } from "../session-context.tsx";
import { reveal } from "../state/actions.ts";
import { Section } from "./section.tsx";

/** Nothing is selected: the workflow itself, what it takes and what it gives. */
export function WorkflowTab() {
  const session = useSession();
  const document = useDocument();
  const id = useId();
  const { inputs, outputs } = useMemo(() => describeInterface(document, catalog), [document]);
  const rename = (meta: { name?: string; description?: string }) =>
    session.doc.edit({ type: "setMeta", meta }, { merge: `meta ${Object.keys(meta).join()}` });
  return (
    <>
      <Section title="Workflow">
        <div className="mb-2">
          <label htmlFor={`${id}-name`} className="mb-1 block text-12 text-ink-2">
            Name
          </label>
          <TextField
            id={`${id}-name`}
            value={document.name}
            maxLength={120}
            onChange={(event) => event.target.value !== "" && rename({ name: event.target.value })}
          />
        </div>
        <div>
          <label htmlFor={`${id}-description`} className="mb-1 block text-12 text-ink-2">
            Description
          </label>
          <TextArea
            id={`${id}-description`}
            value={document.description}
            maxLength={2000}
            placeholder="What it makes, and from what. Shown on the share page."
            onChange={(event) => rename({ description: event.target.value })}
          />
        </div>
      </Section>
      <Section title="Takes">
        {inputs.length === 0 && (
          <p className="text-12 text-ink-3">
            Nothing. Text, number and image nodes become fields of the form.
          </p>
        )}
        {inputs.map((input) => (
          <Row
            key={input.nodeId}
            label={input.label}
            name={input.name}
            media={input.field.type.media}
            list={input.field.type.list}
            words={describePort(input.field.type)}
            hollow
            onGo={() => reveal(session, input.nodeId)}
          />
        ))}
      </Section>
      <Section title="Gives">
        {outputs.length === 0 && (
          <p className="text-12 text-ink-3">
            Nothing is named yet. An output node gives a result its name in the link and the API.
          </p>
        )}
        {outputs.map((output) => (
          <Row
            key={output.nodeId}
            label={output.label}
            name={output.name}
            media={output.type.media}
            list={output.type.list}
            words={describePort(output.type)}
            onGo={() => reveal(session, output.nodeId)}
          />
        ))}
      </Section>
    </>
  );
}

interface RowProps {
  readonly label: string;
  readonly name: string;
  readonly media: "image" | "video" | "text" | "number" | "lora" | "any";
  readonly list: boolean;
  readonly words: string;
  readonly hollow?: boolean;
  readonly onGo: () => void;
}

function Row({ label, name, media, list, words, hollow = false, onGo }: RowProps) {
  return (
    <button
      type="button"
      onClick={onGo}
      className="-mx-2 flex min-h-8 w-[calc(100%+16px)] items-center gap-2 rounded-in px-2 text-left hover:bg-hover"
    >
      <MediaShape media={media} list={list} hollow={hollow} under="var(--panel)" />
      <span className="min-w-0 flex-1 truncate">{label}</span>
      <code className="truncate font-mono text-11 text-ink-3">{name}</code>
      <span className="sr-only">{words}</span>
    </button>
  );
}
