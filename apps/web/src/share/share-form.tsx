"use client";
import type { DeclaredInput, Json } from "@heddle/core";
import { Play } from "lucide-react";
import type { FormEvent } from "react";
import { FieldControl } from "../form/field-control.tsx";
import { useUploads } from "../form/uploads.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";

export interface ShareFormProps {
  readonly inputs: readonly DeclaredInput[];
  readonly values: Readonly<Record<string, Json>>;
  readonly onChange: (name: string, value: Json) => void;
  /** What is wrong with an input, by its name. */
  readonly problems: Readonly<Record<string, string>>;
  readonly busy: boolean;
  readonly canRun: boolean;
  readonly onSubmit: () => void;
  /** What the button says. */
  readonly verb: string;
  readonly hint: string;
}

/** The declared inputs of a workflow as a form. */
export function ShareForm(props: ShareFormProps) {
  const { inputs, values, onChange, problems, busy, canRun, onSubmit, verb, hint } = props;
  const uploading = useUploads(({ underWay }) => underWay > 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!uploading) onSubmit();
  };
  return (
    <form onSubmit={submit} aria-label="Inputs" noValidate>
      {inputs.map((input) => (
        <ShareField
          key={input.name}
          input={input}
          value={values[input.name]}
          problem={problems[input.name]}
          onChange={(value) => onChange(input.name, value)}
        />
      ))}
      <Button
        type="submit"
        variant="primary"
        size="touch"
        className="mt-1 w-full"
        disabled={busy || uploading || !canRun}
      >
        <Icon of={Play} />
        {verb}
      </Button>
      <p className="mt-3 text-center text-12 text-ink-2" aria-live="polite">
        {uploading ? "Uploading" : hint}
      </p>
    </form>
  );
}

interface ShareFieldProps {
  readonly input: DeclaredInput;
  readonly value: Json | undefined;
  readonly problem: string | undefined;
  readonly onChange: (value: Json) => void;
}

function ShareField({ input, value, problem, onChange }: ShareFieldProps) {
  return (
    <fieldset className="mb-5 min-w-0">
      <legend className="mb-2 flex items-baseline gap-2 font-medium">
        {input.label}
        {!input.required && input.default === undefined && (
          <span className="text-12 font-normal text-ink-3">optional</span>
        )}
      </legend>
      <FieldControl
        field={input.field}
        value={value}
        onChange={onChange}
        size="normal"
        invalid={problem !== undefined}
      />
      {input.field.help !== undefined && problem === undefined && (
        <p className="mt-1 text-12 text-ink-2">{input.field.help}</p>
      )}
      {problem !== undefined && (
        <p role="alert" className="mt-1 text-12 text-danger">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
