"use client";
import type { OutputItem } from "@heddle/api";
import { isTerminalRun, type Json, runStatuses, stepStatuses } from "@heddle/core";
import { useState } from "react";
import { z } from "zod";
import { useRunWakes } from "../runs/use-run-wakes.ts";

const resultSchema = z.object({
  run: z.object({ id: z.string(), status: z.enum(runStatuses) }),
  outputs: z.record(z.string(), z.array(z.custom<OutputItem>())),
  steps: z.array(z.object({ item: z.number().nullable(), status: z.enum(stepStatuses) })),
  error: z.object({ message: z.string() }).nullable(),
});
type Result = z.infer<typeof resultSchema>;

const problemSchema = z.object({
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

export type ShareRunState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly result: Result | null }
  | { readonly kind: "done"; readonly result: Result }
  | {
      readonly kind: "refused";
      readonly message: string;
      readonly problems: Readonly<Record<string, string>>;
    };

/** Runs a published workflow through its public endpoint and follows the run. */
export function useShareRun(endpoint: string) {
  const [state, setState] = useState<ShareRunState>({ kind: "idle" });
  const running = state.kind === "running" ? (state.result?.run.id ?? null) : null;
  const take = (result: Result) =>
    setState({ kind: isTerminalRun(result.run.status) ? "done" : "running", result });
  useRunWakes(running, () => {
    if (running !== null) void readResult(`/api/v1/runs/${running}`).then(take, () => undefined);
  });
  const start = async (input: Readonly<Record<string, Json>>) => {
    setState({ kind: "running", result: null });
    try {
      take(await readResult(endpoint, { method: "POST", body: JSON.stringify({ input }) }));
    } catch (error) {
      setState(error instanceof Refusal ? { kind: "refused", ...error.told } : refusedBy(error));
    }
  };
  return { state, start };
}

class Refusal extends Error {
  readonly told: { readonly message: string; readonly problems: Readonly<Record<string, string>> };
  constructor(told: Refusal["told"]) {
    super(told.message);
    this.told = told;
  }
}

function refusedBy(error: unknown): ShareRunState {
  const message = error instanceof Error ? error.message : "The server did not answer.";
  return { kind: "refused", message, problems: {} };
}

async function readResult(url: string, init?: RequestInit): Promise<Result> {
  const response = await fetch(url, { ...init, headers: { "content-type": "application/json" } });
  const json: unknown = await response.json().catch(() => null);
  if (response.ok) return resultSchema.parse(json);
  const problem = problemSchema.safeParse(json).data;
  if (problem === undefined)
    throw new Refusal({ message: `The server answered ${response.status}.`, problems: {} });
  const named = problem.errors.map(
    ({ path, message }) => [path.replace(/^input\./, ""), message] as const,
  );
  throw new Refusal({ message: problem.detail, problems: Object.fromEntries(named) });
}
