import { catalog } from "@heddle/catalog";
import { compile, type Plan, type Problem } from "@heddle/core";
import { printJson } from "../output.ts";
import { readDocument } from "../read-document.ts";

interface CheckOptions {
  readonly json: boolean;
}

/** `heddle check`: whether a document would run, and what is in the way. Needs no server. */
export function checkCommand(file: string, options: CheckOptions): void {
  const checked = check(file);
  if (!checked.ok) process.exitCode = 1;
  if (options.json) printJson(toJson(checked));
  else for (const line of describe(file, checked)) console.log(line);
}

interface Checked {
  readonly ok: boolean;
  readonly plan: Plan | null;
  /** In the way when not `ok`; else unfinished parts that nothing needs. */
  readonly problems: readonly Problem[];
}

function check(file: string): Checked {
  const parsed = readDocument(file);
  if (!parsed.ok) return { ok: false, plan: null, problems: parsed.problems };
  const compiled = compile(parsed.document, catalog, { requireInputs: false, randomSeed: () => 0 });
  return compiled.ok
    ? { ok: true, plan: compiled.plan, problems: compiled.notices }
    : { ok: false, plan: null, problems: compiled.problems };
}

function toJson({ ok, plan, problems }: Checked) {
  return {
    ok,
    plan: plan && {
      steps: plan.steps.map(({ id, nodeIds, type, estimate }) => ({
        nodeId: id,
        nodeIds,
        type,
        estimate,
      })),
      estimate: plan.estimate,
    },
    problems: problems.map(({ code, nodeId, portId, message, path }) => ({
      code,
      nodeId: nodeId ?? null,
      portId: portId ?? null,
      message,
      ...(path !== undefined && { path }),
    })),
  };
}

function describe(file: string, { ok, plan, problems }: Checked): string[] {
  const found = problems.map(({ code, message }) => `  ${message}  [${code}]`);
  if (!ok) return [`${file}: ${count(problems.length, "problem")}`, ...found];
  const seconds = ((plan?.estimate.deviceMs ?? 0) / 1000).toFixed(1);
  const cost = (plan?.estimate.costUsd ?? 0).toFixed(5);
  return [
    `${file}: ok, ${count(plan?.steps.length ?? 0, "step")}, about ${seconds} s of device time, ${cost} USD`,
    ...found,
  ];
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
