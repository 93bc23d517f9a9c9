import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks per second in /proc, which is fixed on Linux. */
const ticksPerSecond = 100;

export interface Usage {
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** The resources that a process has used, from /proc. Linux only. */
function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpuMs: (ticks * 1_000) / ticksPerSecond, residentBytes: Number(fields[21]) * 4_096 };
}

/** The sum of several processes' resources. */
export function sumUsage(pids: readonly number[]): Usage {
  const usages = pids.map(usageOf);
  return {
    cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    residentBytes: usages.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

/** Processes whose parent is `pid`. */
function findChildren(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
}

/** All processes below `pid`. */
function findDescendants(pid: number): number[] {
  return findChildren(pid).flatMap((child) => [child, ...findDescendants(child)]);
}

/** The runtimes that this process started, directly or through children. */
export function findRuntimes(): number[] {
  return findDescendants(process.pid).filter((pid) => programOf(pid) === "workerd");
}

/** The file name of the program that a process runs. */
function programOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
