import { readFileSync } from "node:fs";

/**
 * Notices that the process that started the script has gone. `npx` that is ended by a signal does not pass it
 * on through the shell that it starts, and what it started would go on for ever.
 *
 * @param onGone called once
 * @returns ends the watch. Where the system does not show its processes, there is none.
 */
export function watchStarter(onGone: () => void): () => void {
  const starter = findStarter();
  if (!starter) return () => {};
  const timer = setInterval(() => {
    // The same number may by now belong to another process: mostly, the name tells them apart.
    if (readProcess(starter.id)?.name === starter.name) return;
    clearInterval(timer);
    onGone();
  }, 500);
  timer.unref();
  return () => clearInterval(timer);
}

interface Process {
  readonly id: number;
  readonly name: string;
  readonly parentId: number;
}

/** The `npx` above this process, or else its parent. */
function findStarter(): Process | undefined {
  const parent = readProcess(process.ppid);
  for (let ancestor = parent; ancestor; ancestor = readProcess(ancestor.parentId)) {
    if (/^(npm|npx)\b/.test(ancestor.name)) return ancestor;
  }
  return parent;
}

/** Reads Linux's table of processes, where a line is: id (name) state parentId … */
function readProcess(id: number): Process | undefined {
  try {
    const [, name, parentId] =
      /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, "utf8")) ?? [];
    return name === undefined ? undefined : { id, name, parentId: Number(parentId) };
  } catch {
    return undefined;
  }
}
