import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type CommandName, commandFiles, nodePath } from "./paths.ts";

/**
 * Long-running child processes, each in its own process group, so that stopping one reaches its
 * children too: wrangler starts two runtimes, Vite a compiler.
 */

export interface Service {
  readonly name: string;
  /** Settles when the child has ended, for whatever reason. Never rejects. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends the whole group, and settles when none of its processes is left. Safe to call again. */
  stop(): Promise<void>;
  /** Sends a signal to every process of the group at once. */
  kill(signal: NodeJS.Signals): void;
  /** The last lines of output, for messages about a failure. */
  lastLines(): string;
}

export interface ServiceOptions {
  readonly name: string;
  readonly command: CommandName;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called with every line of output, without its line break. */
  readonly onLine?: (line: string, from: "stdout" | "stderr") => void;
}

/** How long a child may take to end before it is killed, in milliseconds. */
const stopGraceMs = 5000;
const keptLines = 60;

const running = new Set<ChildProcess>();
// A last resort for exits that did not go through stop().
process.once("exit", () => {
  for (const child of running) signalGroup(child, "SIGKILL");
});

/** Starts a child in its own process group. */
export function startService(options: ServiceOptions): Service {
  const child = spawn(nodePath, [commandFiles[options.command], ...options.args], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const lines: string[] = [];
  const keep = (line: string, from: "stdout" | "stderr") => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
    options.onLine?.(line, from);
  };
  readLines(child.stdout, (line) => keep(line, "stdout"));
  readLines(child.stderr, (line) => keep(line, "stderr"));

  const ended = new Promise<Awaited<Service["ended"]>>((resolve) => {
    child.once("error", (error) => {
      keep(String(error), "stderr");
      resolve({ code: 1, signal: null });
    });
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });

  let stopping: Promise<void> | undefined;
  return {
    name: options.name,
    ended,
    stop: () => {
      stopping ??= endGroup(child, ended);
      return stopping;
    },
    kill: (signal) => signalGroup(child, signal),
    lastLines: () => lines.join("\n"),
  };
}

async function endGroup(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  signalGroup(child, "SIGTERM");
  const killTimer = setTimeout(() => signalGroup(child, "SIGKILL"), stopGraceMs);
  await ended;
  clearTimeout(killTimer);
  // The leader has ended. Processes left in its group will not end by themselves.
  signalGroup(child, "SIGKILL");
  // Bounded, because a dead process counts as running until its new parent has reaped it.
  const patience = performance.now() + stopGraceMs;
  while (isGroupAlive(child) && performance.now() < patience) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  running.delete(child);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    // The group has no process left.
    return false;
  }
}

function isGroupAlive(child: ChildProcess): boolean {
  return signalGroup(child, 0);
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", onLine);
}

export interface CommandResult {
  readonly code: number;
  /** Output of stdout and stderr, in order of arrival. */
  readonly output: string;
}

/**
 * Runs a command to its end and captures its output. Never rejects: a failed start gives code 1.
 */
export async function runCommand(
  command: CommandName,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<CommandResult & { readonly stdout: string }> {
  const output: string[] = [];
  const stdout: string[] = [];
  const service = startService({
    name: command,
    command,
    args,
    cwd: options.cwd,
    env: options.env ?? process.env,
    onLine: (line, from) => {
      output.push(line);
      if (from === "stdout") stdout.push(line);
    },
  });
  const { code } = await service.ended;
  await service.stop();
  return { code: code ?? 1, output: output.join("\n"), stdout: stdout.join("\n") };
}

/**
 * Runs a command that uses the terminal.
 *
 * @returns its exit code
 */
export function runInTerminal(
  command: CommandName,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(nodePath, [commandFiles[command], ...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: "inherit",
    });
    child.once("error", (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/**
 * Runs a command and passes its output on as it arrives.
 *
 * @returns its exit code
 */
export function runWithOutput(
  command: CommandName,
  args: readonly string[],
  options: { cwd: string; onOutput: (text: string) => void },
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(nodePath, [commandFiles[command], ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: "1" }) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", options.onOutput);
    }
    child.once("error", (error) => options.onOutput(`${error}\n`));
    // `close` comes after all output.
    child.once("close", (code) => resolve(code ?? 1));
  });
}
