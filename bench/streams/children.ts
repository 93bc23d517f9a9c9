import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { ScriptError } from "../../scripts/lib/failure.ts";

const kept = new Set<ChildProcess>();
const directories = new Set<string>();
// Also runs when the process ends without stop().
process.once("exit", () => {
  for (const child of kept) child.kill("SIGKILL");
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Kills a child when this process ends, at the latest. */
export function keep<Child extends ChildProcess>(child: Child): Child {
  kept.add(child);
  return child;
}

/** Deletes a directory when this process ends, at the latest. */
export function removeAtExit(directory: string): string {
  directories.add(directory);
  return directory;
}

/** Kills a child, and settles when it has ended. */
export function endChild(child: ChildProcess): Promise<void> {
  kept.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

/** @throws {ScriptError} when the child ends before it listens */
export async function untilListening(port: number, child: ChildProcess): Promise<void> {
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new ScriptError(`${child.spawnfile} ended at once.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
