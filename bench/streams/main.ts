/**
 * Measures our streams side by side with `resumable-stream` on Redis, and writes the figures to
 * `bench/results/streams.json` and a chart to `docs/images/streams-bench.svg`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { ScriptError } from "../../scripts/lib/failure.ts";
import { fromRoot } from "../../scripts/lib/paths.ts";
import { buildWeb } from "../../scripts/lib/stack.ts";
import { drawChart } from "./chart.ts";
import { startEngine } from "./engine.ts";
import { killOurs, killTheirs } from "./kill.ts";
import { startLibrary } from "./library.ts";
import { underLoad } from "./load.ts";
import { addedDelay, costs, resumption, timePerChunk } from "./measure.ts";
import { printResults, type Results } from "./results.ts";

async function measure(): Promise<Results> {
  const theirs = await startLibrary();
  const ours = await startEngine();
  const contenders = [theirs, ours] as const;
  try {
    const perChunk = {
      0: await timePerChunk(contenders, 0),
      1: await timePerChunk(contenders, 1),
      5: await timePerChunk(contenders, 5),
    };
    const delay = {
      20: await addedDelay(contenders, 20),
      100: await addedDelay(contenders, 100),
      200: await addedDelay(contenders, 200),
    };
    const resume = {
      warmRunning: await resumption(contenders, { isWarm: true, isRunning: true }),
      coldRunning: await resumption(contenders, { isWarm: false, isRunning: true }),
      warmPaused: await resumption(contenders, { isWarm: true, isRunning: false }),
      coldPaused: await resumption(contenders, { isWarm: false, isRunning: false }),
    };
    const cost = { 0: await costs(contenders, 0), 5: await costs(contenders, 5) };
    const killed = { theirs: await killTheirs(theirs), ours: await killOurs() };
    const load = await underLoad(200, 2);
    return { machine: describeMachine(), perChunk, delay, resume, cost, killed, load };
  } finally {
    await theirs.stop();
    await ours.stop();
  }
}

function describeMachine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpu?.model.trim()}), ${gigabytes} GB, Linux ${release().split("-")[0]}, Node ${process.version}`;
}

try {
  await buildWeb();
  const results = await measure();
  mkdirSync(fromRoot("bench/results"), { recursive: true });
  writeFileSync(fromRoot("bench/results/streams.json"), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(fromRoot("docs/images/streams-bench.svg"), drawChart(results));
  printResults(results);
} catch (error) {
  if (!(error instanceof ScriptError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
process.exit();
