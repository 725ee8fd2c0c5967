import { spawn } from "node:child_process";
import { checkout } from "./checkout.mjs";
import { CommandFailed } from "./command-failed.mjs";

/**
 * Runs a command in the checkout. `output`: `inherit` (this terminal) or `on-failure` (shown only when it fails).
 * Resolves with the exit status; rejects only when the command cannot be started.
 */
export function runCommand(command, args, { env = {}, cwd = checkout, output = "inherit" } = {}) {
  const stream = output === "inherit" ? "inherit" : "pipe";
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", stream, stream],
    });
    const held = [];
    child.stdout?.on("data", (chunk) => held.push(chunk));
    child.stderr?.on("data", (chunk) => held.push(chunk));
    child.on("error", (error) =>
      reject(new CommandFailed(`cannot run ${command}: ${error.message}`)),
    );
    child.on("close", (status, signal) => {
      const result = signal === null ? (status ?? 1) : 128;
      if (result !== 0) process.stderr.write(Buffer.concat(held));
      resolve(result);
    });
  });
}

/** Runs npm: the one that started us where there is one, so that its version stays the same. */
export function runNpm(args, options) {
  const script = process.env.npm_execpath;
  const isNpm = script !== undefined && /npm-cli\.c?js$/.test(script);
  return isNpm
    ? runCommand(process.execPath, [script, ...args], options)
    : runCommand(process.platform === "win32" ? "npm.cmd" : "npm", args, options);
}
