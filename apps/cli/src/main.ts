import { Command } from "commander";
import { readSettings } from "./env.ts";
import { Fatal } from "./fatal.ts";
import { up } from "./up/up.ts";

const program = new Command("heddle")
  .description("Heddle: chain generative models, on this machine or on a cluster")
  .showHelpAfterError();

program
  .command("up")
  .description("start Heddle on this machine and keep it running")
  .option("--verbose", "write what the processes say on this terminal", false)
  .action(async (options: { verbose: boolean }) => await up(readSettings(), options));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Fatal)) throw error;
  console.error(`heddle: ${error.message}`);
  process.exitCode = 1;
}
