import { AppError } from "@heddle/core";

export interface WorkflowName {
  readonly name: string;
  /** Absent: the newest version. */
  readonly number?: number;
}

/** Reads `portrait` or `portrait@3`. Throws AppError `not_found` for a version that is no number. */
export function parseWorkflowName(text: string): WorkflowName {
  const at = text.indexOf("@");
  if (at < 0) return { name: text };
  const version = text.slice(at + 1);
  if (!/^[1-9]\d{0,8}$/.test(version))
    throw new AppError(
      "not_found",
      `There is no version ${JSON.stringify(version)}: versions count from 1`,
    );
  return { name: text.slice(0, at), number: Number(version) };
}
