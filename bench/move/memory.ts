import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How often the processes are looked at, in ms. The kernel keeps each one's peak by itself. */
const everyMs = 200;

/** Bytes of memory at their highest. */
export interface Peaks {
  /** The process itself. */
  readonly command: number;
  /** The largest of the processes below it: the local runtime. */
  readonly runtime: number;
}

/** Watches a process and those below it until it ends. Linux only. */
export async function watchPeaks(pid: number, isOver: () => boolean): Promise<Peaks> {
  let [command, runtime] = [0, 0];
  while (!isOver()) {
    command = Math.max(command, peakOf(pid));
    for (const child of listBelow(pid)) runtime = Math.max(runtime, peakOf(child));
    await delay(everyMs);
  }
  return { command, runtime };
}

function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1_024;
}

function listBelow(pid: number): readonly number[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const children = processes.filter((name) => parentOf(name) === pid).map(Number);
  return children.flatMap((child) => [child, ...listBelow(child)]);
}

function parentOf(pid: string): number {
  return Number(read(`/proc/${pid}/stat`).replace(/.*\) /s, "").split(" ")[1]);
}

/** "" for a process that has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
