import type { AfterKill } from "./kill.ts";
import type { Load } from "./load.ts";
import type { Costs, Delays, Pair, Resumption } from "./measure.ts";
import type { ProductDelay } from "./product-delay.ts";

/** Theirs first, then ours. The names give the units. */
export interface SideBySide {
  /** Microseconds per chunk, by the number of readers. */
  readonly perChunk: Readonly<Record<0 | 1 | 5, Pair>>;
  /** The same, for chunks that are created in the producer's process without pauses. */
  readonly perChunkInside: Readonly<Record<1 | 5, Pair>>;
  /** By chunks per second. */
  readonly delay: Readonly<Record<20 | 100 | 200, Delays>>;
  readonly resume: Readonly<
    Record<"fullFlowWarm" | "fullFlowCold" | "liveWarm" | "liveCold" | "waveWarm", Resumption>
  >;
  /** Milliseconds inside the server that serves the readers, at 100 chunks a second. */
  readonly resumeInside: Readonly<Record<"inARow" | "afterIdling", Pair>>;
  /** With the library's producer and readers in one process. */
  readonly inOneProcess: {
    readonly perChunk5: Pair;
    readonly fullFlowWarm: Resumption;
    readonly liveWarm: Resumption;
  };
  /** For one generation of 1,000 chunks at full speed, by the number of readers. */
  readonly cost: Readonly<Record<0 | 5, Costs>>;
}

/** All figures of one run. */
export interface Results extends SideBySide {
  readonly ranOn: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly product: Readonly<Record<20 | 100 | 200, ProductDelay>>;
  readonly killed: { readonly theirs: AfterKill; readonly ours: AfterKill };
  readonly load: Load;
}

type Row = readonly [what: string, figures: Pair, unit: string];

function rowsOf(results: Results): Row[] {
  const { perChunk, perChunkInside, delay, resume, resumeInside, inOneProcess, cost } = results;
  return [
    ["time per chunk, no reader", perChunk[0], "µs"],
    ["time per chunk, 1 reader", perChunk[1], "µs"],
    ["time per chunk, 5 readers", perChunk[5], "µs"],
    ["time per chunk made inside, 1 reader", perChunkInside[1], "µs"],
    ["time per chunk made inside, 5 readers", perChunkInside[5], "µs"],
    ["resume at half, 100 chunks/s, at the server, in a row: caught up", resumeInside.inARow, "ms"],
    [
      "resume at half, 100 chunks/s, at the server, 17 ms apart: caught up",
      resumeInside.afterIdling,
      "ms",
    ],
    ["resume at half, full flow, warm: first chunk", resume.fullFlowWarm.firstChunkMs, "ms"],
    ["resume at half, full flow, warm: caught up", resume.fullFlowWarm.caughtUpMs, "ms"],
    ["resume at half, full flow, cold: first chunk", resume.fullFlowCold.firstChunkMs, "ms"],
    ["resume at half, full flow, cold: caught up", resume.fullFlowCold.caughtUpMs, "ms"],
    ["resume at half, 100 chunks/s, warm: first chunk", resume.liveWarm.firstChunkMs, "ms"],
    ["resume at half, 100 chunks/s, warm: caught up", resume.liveWarm.caughtUpMs, "ms"],
    ["resume at half, 100 chunks/s, cold: first chunk", resume.liveCold.firstChunkMs, "ms"],
    ["resume at half, 100 chunks/s, cold: caught up", resume.liveCold.caughtUpMs, "ms"],
    [
      "20 resume at half at once, 100 chunks/s, warm: first chunk",
      resume.waveWarm.firstChunkMs,
      "ms",
    ],
    ["20 resume at half at once, 100 chunks/s, warm: caught up", resume.waveWarm.caughtUpMs, "ms"],
    ["library in one process: time per chunk, 5 readers", inOneProcess.perChunk5, "µs"],
    [
      "library in one process: resume, full flow, warm: caught up",
      inOneProcess.fullFlowWarm.caughtUpMs,
      "ms",
    ],
    [
      "library in one process: resume, 100 chunks/s, warm: caught up",
      inOneProcess.liveWarm.caughtUpMs,
      "ms",
    ],
    ["added delay at 20 chunks/s, p50", delay[20].p50, "ms"],
    ["added delay at 20 chunks/s, p99", delay[20].p99, "ms"],
    ["added delay at 100 chunks/s, p50", delay[100].p50, "ms"],
    ["added delay at 100 chunks/s, p99", delay[100].p99, "ms"],
    ["added delay at 200 chunks/s, p50", delay[200].p50, "ms"],
    ["added delay at 200 chunks/s, p99", delay[200].p99, "ms"],
    ["commands or rows a second at 20 chunks/s", delay[20].writesPerSecond, ""],
    ["commands or rows a second at 100 chunks/s", delay[100].writesPerSecond, ""],
    ["commands or rows a second at 200 chunks/s", delay[200].writesPerSecond, ""],
    ["commands or rows per chunk at full speed, no reader", cost[0].writesPerChunk, ""],
    ["commands or rows per chunk at full speed, 5 readers", cost[5].writesPerChunk, ""],
    ["servers' CPU time for 1,000 chunks, no reader", cost[0].cpuMs, "ms"],
    ["servers' CPU time for 1,000 chunks, 5 readers", cost[5].cpuMs, "ms"],
  ];
}

/** All figures in Markdown. */
export function renderTables(results: Results): string {
  const { ranOn, machine, versions, product, killed, load } = results;
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const delays = ([20, 100, 200] as const).map((rate) => {
    const { p50, p99, cpuMsPerSecond } = product[rate];
    return `| ${rate} chunks/s | ${show(p50)} ms | ${show(p99)} ms | ${show(cpuMsPerSecond)} ms |`;
  });
  const { theirs, ours } = killed;
  return `Run on ${ranOn}: ${machine}; ${versionList.join(", ")}.

### Side by side

| | resumable-stream on Redis | ours | ours / theirs |
|---|---:|---:|---:|
${rowsOf(results).map(renderRow).join("\n")}

### The producer is killed in mid-answer

| | resumable-stream on Redis | ours |
|---|---|---|
| chunks that a reader had seen | ${theirs.seen} | ${ours.seen} |
| chunks that are there afterwards | ${theirs.later} | ${ours.later} |
| the first reader was told of an end | ${theirs.wasTold ? "yes" : `no, in ${theirs.waitedMs / 1_000} s`} | yes, when it came back |
| who reads afterwards gets | ${theirs.end} | status \`${ours.end}\` |

### The whole product

| pace of the model | added delay p50 | p99 | CPU time a second of streaming |
|---|---:|---:|---:|
${delays.join("\n")}

${load.chats} chats that generate at once, each with ${load.readersPerChat} readers, answers of ${load.numbersPerAnswer} words at
${load.wordsPerSecond} words a second: all ${load.chats * load.readersPerChat} readers got every chunk once and the status \`complete\`.
${show(load.seconds)} s in all, ${Math.round(load.chunksPerSecond)} chunks a second made (${Math.round(load.chunksPerSecond * load.readersPerChat)} delivered), ${Math.round(load.peakMegabytes)} MB of
memory at the peak, ${show((load.cpuSeconds * 1_000) / load.chats)} ms of CPU time an answer.`;
}

function renderRow([what, [theirs, ours], unit]: Row): string {
  const cell = (value: number) => `${show(value)} ${unit}`.trim();
  return `| ${what} | ${cell(theirs)} | ${cell(ours)} | ${(ours / theirs).toFixed(2)} |`;
}

/** Three significant digits, without an exponent. */
export function show(value: number): string {
  return String(Number(value.toPrecision(3)));
}

const [begin, end] = ["<!-- figures: written by bench:streams -->", "<!-- end of figures -->"];

/**
 * Writes the tables into a page, between its two marks.
 *
 * @throws when the page lacks a mark
 */
export function insertTables(page: string, tables: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error("The page has no place for the figures.");
  return `${page.slice(0, from + begin.length)}\n\n${tables}\n\n${page.slice(to)}`;
}
