import { readFileSync } from "node:fs";

/**
 * Notices the end of the process that started the script. An `npx` that is ended by a signal does
 * not pass it on through its shell, and the processes it started would run forever.
 *
 * @param onGone called once
 * @returns a function that stops watching. Systems without /proc are not watched.
 */
export function watchStarter(onGone: () => void): () => void {
  const starter = findStarter();
  if (!starter) return () => {};
  const timer = setInterval(() => {
    // The id may belong to another process by now; the name usually tells them apart.
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

/** Reads Linux's process table, where a line is: id (name) state parentId … */
function readProcess(id: number): Process | undefined {
  try {
    const [, name, parentId] =
      /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, "utf8")) ?? [];
    return name === undefined ? undefined : { id, name, parentId: Number(parentId) };
  } catch {
    return undefined;
  }
}
