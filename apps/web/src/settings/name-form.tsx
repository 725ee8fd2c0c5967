"use client";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { TextField } from "../ui/text-field.tsx";

export interface NameFormProps {
  /** Of the form, for the button that submits it. */
  readonly id: string;
  readonly placeholder: string;
  /** The name of what was given none. */
  readonly unnamed: string;
  readonly problem: string | null;
  readonly onName: (name: string) => void;
  /** More fields. */
  readonly children?: ReactNode;
}

/** Asks for a name. */
export function NameForm({ id, placeholder, unnamed, problem, onName, children }: NameFormProps) {
  const [name, setName] = useState("");
  const field = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onName(name.trim() === "" ? unnamed : name.trim());
  };
  return (
    <form id={id} onSubmit={submit}>
      <label htmlFor={field} className="mb-1 block text-12 text-ink-2">
        Name
      </label>
      <TextField
        id={field}
        value={name}
        maxLength={80}
        placeholder={placeholder}
        onChange={(event) => setName(event.target.value)}
      />
      {children}
      {problem !== null && (
        <p role="alert" className="mt-2 text-12 text-danger">
          {problem}
        </p>
      )}
    </form>
  );
}
