import { Command, Option } from "commander";
import { checkCommand } from "./check/check-command.ts";
import { readSettings } from "./env.ts";
import { Fatal } from "./fatal.ts";
import { createKeyCommand, listKeysCommand, revokeKeyCommand } from "./keys/keys-commands.ts";
import { listModelsCommand } from "./models/list-models-command.ts";
import { runnerCommand, type RunnerOptions } from "./runners/runner-command.ts";
import {
  createTokenCommand,
  listTokensCommand,
  revokeTokenCommand,
} from "./runners/token-commands.ts";
import { runCommand, type RunOptions } from "./run/run-command.ts";
import { up, type UpOptions } from "./up/up.ts";

/** Every command of `heddle`, with its options. */
function buildProgram(): Command {
  const program = new Command("heddle")
    .description("Chain generative models, on this machine or on a cluster.")
    .showHelpAfterError("(--help says more)");
  program
    .command("up")
    .description("start Heddle on this machine and keep it running")
    .option("--verbose", "write what the processes say on this terminal", false)
    .action(async (options: UpOptions) => await up(readSettings(), options));
  addRun(program);
  program
    .command("check")
    .description("say whether a document would run, and what is in the way; needs no server")
    .argument("<file>", "name.heddle.json")
    .addOption(json())
    .action(checkCommand);
  addKeys(program);
  addRunners(program);
  withServerOptions(program.command("models").description("models").command("list"))
    .description("the models that workflows can use")
    .action(async (options: KeyOptions) => await listModelsCommand(readSettings(), options));
  return program;
}

function addRun(program: Command): void {
  withServerOptions(program.command("run"))
    .description("run a document or a published workflow, and wait for what it makes")
    .argument("<target>", "name.heddle.json, or owner/name[@version]")
    .option(
      "--input <name=value>",
      "an input; name=@file sends a file; again for more",
      collect,
      [],
    )
    .option("--out <folder>", "save the outputs there")
    .action(
      async (target: string, options: RunOptions) =>
        await runCommand(readSettings(), target, options),
    );
}

type KeyOptions = Parameters<typeof listKeysCommand>[1];

function addKeys(program: Command): void {
  const keys = program.command("keys").description("API keys");
  withServerOptions(keys.command("create"))
    .description("make a key; it is printed this once")
    .option("--name <name>", "what it is for", "command line")
    .option("--scopes <scopes>", "run,read,manage (default: run,read)")
    .action(
      async (options: Parameters<typeof createKeyCommand>[1]) =>
        await createKeyCommand(readSettings(), options),
    );
  withServerOptions(keys.command("list"))
    .description("the keys of this workspace, without their secrets")
    .action(async (options: KeyOptions) => await listKeysCommand(readSettings(), options));
  withServerOptions(keys.command("revoke"))
    .description("refuse a key from now on")
    .argument("<id>")
    .action(
      async (id: string, options: KeyOptions) =>
        await revokeKeyCommand(readSettings(), id, options),
    );
}

function addRunners(program: Command): void {
  program
    .command("runner")
    .description("compute steps for a server: one of this machine's devices joins its cluster")
    .requiredOption("--server <url>", "the server's address, as a browser opens it")
    .option("--token <token>", "a runner token of that server (or RUNNER_TOKEN)")
    .option("--name <name>", "its own among the runners with this token")
    .option("--slots <number>", "tasks at once")
    .option("--ops <ops>", "only these ops, with commas between; or all but: -upscale,-resize")
    .action(async (options: RunnerOptions) => await runnerCommand(readSettings(), options));
  const tokens = program
    .command("runners")
    .description("runners of other machines")
    .command("token")
    .description("what they join with");
  withServerOptions(tokens.command("create"))
    .description("make a token; it is printed this once, with the command to join")
    .option("--name <name>", "which machine it is for", "runner")
    .option("--scope <scope>", "workspace (steps of this workspace only) or cluster", "workspace")
    .action(
      async (options: Parameters<typeof createTokenCommand>[1]) =>
        await createTokenCommand(readSettings(), options),
    );
  withServerOptions(tokens.command("list"))
    .description("the tokens, without their secrets")
    .action(async (options: KeyOptions) => await listTokensCommand(readSettings(), options));
  withServerOptions(tokens.command("revoke"))
    .description("refuse a token and its runners from now on")
    .argument("<id>")
    .action(
      async (id: string, options: KeyOptions) =>
        await revokeTokenCommand(readSettings(), id, options),
    );
}

function withServerOptions(command: Command): Command {
  return command
    .option("--server <url>", "another server than this machine's")
    .option("--key <key>", "an API key of that server (or HEDDLE_KEY)")
    .addOption(json());
}

function json(): Option {
  return new Option("--json", "print one JSON object").default(false);
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

try {
  await buildProgram().parseAsync();
} catch (error) {
  if (!(error instanceof Fatal)) throw error;
  console.error(`heddle: ${error.message}`);
  process.exitCode = 1;
}
