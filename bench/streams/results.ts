import type { AfterKill } from "./kill.ts";
import type { Load } from "./load.ts";
import type { Delays, Pair, Resumption } from "./measure.ts";

/** All figures of one run: theirs first, then ours. Times as their names say. */
export interface Results {
  readonly machine: string;
  /** Microseconds a chunk, by the number of readers. */
  readonly perChunk: Readonly<Record<0 | 1 | 5, Pair>>;
  /** By chunks a second. */
  readonly delay: Readonly<Record<20 | 100 | 200, Delays>>;
  readonly resume: Readonly<
    Record<"warmRunning" | "coldRunning" | "warmPaused" | "coldPaused", Resumption>
  >;
  /** Of one generation of 1,000 chunks at full speed, by the number of readers. */
  readonly cost: Readonly<Record<0 | 5, { readonly writesPerChunk: Pair; readonly cpuMs: Pair }>>;
  readonly killed: { readonly theirs: AfterKill; readonly ours: AfterKill };
  readonly load: Load;
}

type Row = readonly [what: string, figures: Pair, unit: string];

/** The figures as rows of a table. */
export function rowsOf({ perChunk, delay, resume, cost }: Results): Row[] {
  return [
    ["time per chunk, no reader", perChunk[0], "µs"],
    ["time per chunk, 1 reader", perChunk[1], "µs"],
    ["time per chunk, 5 readers", perChunk[5], "µs"],
    ["added delay at 20 chunks/s, p50", delay[20].p50, "ms"],
    ["added delay at 20 chunks/s, p99", delay[20].p99, "ms"],
    ["added delay at 100 chunks/s, p50", delay[100].p50, "ms"],
    ["added delay at 100 chunks/s, p99", delay[100].p99, "ms"],
    ["added delay at 200 chunks/s, p50", delay[200].p50, "ms"],
    ["added delay at 200 chunks/s, p99", delay[200].p99, "ms"],
    ["writes or commands a second at 20 chunks/s", delay[20].writesPerSecond, ""],
    ["writes or commands a second at 200 chunks/s", delay[200].writesPerSecond, ""],
    ["resume at half, full speed, warm: first chunk", resume.warmRunning.firstByteMs, "ms"],
    ["resume at half, full speed, warm: caught up", resume.warmRunning.caughtUpMs, "ms"],
    ["resume at half, full speed, cold: caught up", resume.coldRunning.caughtUpMs, "ms"],
    ["resume at half, at rest, warm: first chunk", resume.warmPaused.firstByteMs, "ms"],
    ["resume at half, at rest, warm: caught up", resume.warmPaused.caughtUpMs, "ms"],
    ["resume at half, at rest, cold: caught up", resume.coldPaused.caughtUpMs, "ms"],
    ["writes or commands per chunk, 5 readers", cost[5].writesPerChunk, ""],
    ["server CPU per 1,000 chunks, no reader", cost[0].cpuMs, "ms"],
    ["server CPU per 1,000 chunks, 5 readers", cost[5].cpuMs, "ms"],
  ];
}

/** The figures as a Markdown table, for the terminal and the docs alike. */
export function printResults(results: Results): void {
  const { machine, killed, load } = results;
  console.log(`\n${machine}\n`);
  console.log("| | resumable-stream | Alleato Chat | ours / theirs |\n|---|---:|---:|---:|");
  for (const [what, [theirs, ours], unit] of rowsOf(results)) {
    const cell = (value: number) => `${value.toPrecision(3)} ${unit}`.trim();
    console.log(`| ${what} | ${cell(theirs)} | ${cell(ours)} | ${(ours / theirs).toFixed(2)} |`);
  }
  console.log(`\nKilled, theirs: ${JSON.stringify(killed.theirs)}`);
  console.log(`Killed, ours: ${JSON.stringify(killed.ours)}`);
  console.log(`Load: ${JSON.stringify(load)}`);
}
