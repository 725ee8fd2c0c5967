import { existsSync } from "node:fs";
import { catalog } from "@heddle/catalog";
import { HeddleError, type Client, type Run } from "@heddle/client";
import {
  describeInterface,
  describePort,
  nodeTitle,
  type Document,
  type Problem,
} from "@heddle/core";
import { connect, describeFailure, type ServerOptions } from "../connect.ts";
import type { Settings } from "../env.ts";
import { Fatal } from "../fatal.ts";
import { printFailure, printJson } from "../output.ts";
import { readDocument } from "../read-document.ts";
import { progressLine } from "../terminal/progress-line.ts";
import { buildInput, type InputTypes } from "./build-input.ts";
import { parseAssignments } from "./parse-assignments.ts";
import { describeRun } from "./describe-run.ts";
import { saveOutputs } from "./save-outputs.ts";
import { failedJson, runJson } from "./run-json.ts";
import { watchRun } from "./watch-run.ts";

export interface RunOptions extends ServerOptions {
  readonly input: readonly string[];
  readonly out?: string;
  readonly json: boolean;
}

/** `heddle run`: runs a file or a published workflow, and exits with 0 only when it succeeded. */
export async function runCommand(
  settings: Settings,
  target: string,
  options: RunOptions,
): Promise<void> {
  const { client, server } = connect(settings, options);
  try {
    const workflow = await openWorkflow(client, target);
    if ("problems" in workflow) return refuse(workflow.problems, options.json);
    const run = await carryOut(client, workflow, options);
    const outputs = await saveOutputs(client, run, options.out);
    if (run.run.status !== "SUCCEEDED") process.exitCode = 1;
    if (options.json) printJson(runJson(run, outputs));
    else for (const line of describeRun(run, outputs)) console.log(line);
  } catch (error) {
    if (error instanceof HeddleError) {
      if (options.json) printJson(failedJson(error));
      return printFailure(describeFailure(error, server));
    }
    if (error instanceof Fatal && options.json) {
      printJson(failedJson({ code: "usage", message: error.message, problems: [] }));
    }
    throw error;
  }
}

interface Workflow {
  readonly types: InputTypes;
  readonly nameOf: (nodeId: string) => string;
  readonly start: (input: Record<string, unknown>) => Promise<Run>;
}

async function openWorkflow(
  client: Client,
  target: string,
): Promise<Workflow | { readonly problems: readonly Problem[] }> {
  if (!isFile(target)) return await openPublished(client, target);
  const parsed = readDocument(target);
  return parsed.ok ? openFile(client, parsed.document) : { problems: parsed.problems };
}

/** What exists or ends like a file is one; `owner/name` is a published workflow. */
function isFile(target: string): boolean {
  if (existsSync(target) || target.endsWith(".json")) return true;
  if (/^[^/]+\/[^/]+$/.test(target)) return false;
  throw new Fatal(`${target} is neither a file nor owner/name of a published workflow`);
}

function openFile(client: Client, document: Document): Workflow {
  const { inputs } = describeInterface(document, catalog);
  return {
    types: new Map(inputs.map(({ name, field }) => [name, describePort(field.type)])),
    nameOf: (nodeId) => {
      const node = document.nodes[nodeId];
      return node === undefined ? nodeId : nodeTitle(node, catalog);
    },
    start: async (input) => await client.runDocument(document, { input }),
  };
}

async function openPublished(client: Client, name: string): Promise<Workflow> {
  const { inputs } = await client.getWorkflow(name);
  return {
    types: new Map(inputs.map((input) => [input.name, input.type])),
    nameOf: (nodeId) => nodeId,
    start: async (input) => await client.runWorkflow(name, { input }),
  };
}

/** From the inputs to the end of the run. Ctrl-C cancels it on the server too. */
async function carryOut(
  client: Client,
  workflow: Workflow,
  { input, json }: RunOptions,
): Promise<Run> {
  const say = (text: string) => (json ? undefined : line.show(`  ${text}`));
  const line = progressLine(process.stderr);
  const assignments = parseAssignments(input);
  const given = await buildInput({ assignments, types: workflow.types, client, say });
  const started = await workflow.start(given);
  const { id } = started.run;
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  try {
    const steps = started.steps.filter(({ item }) => item === null).length;
    await watchRun({
      client,
      runId: id,
      steps,
      nameOf: workflow.nameOf,
      line,
      signal: stop.signal,
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    await client.cancelRun(id);
  } finally {
    line.clear();
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
  return await client.getRun(id);
}

function refuse(problems: readonly Problem[], json: boolean): void {
  const lines = problems.map(({ message }) => message);
  if (json) {
    printJson(failedJson({ code: "invalid", message: lines[0] ?? "", problems }));
  }
  printFailure(lines);
}
