/**
 * Measures our streams side by side with `resumable-stream` on Redis. Writes the figures to
 * `bench/results/streams.json`, a chart to `docs/images/streams-bench.svg`, and the tables of
 * `docs/benchmarks.md`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { runScript } from "../../scripts/lib/failure.ts";
import { fromRoot } from "../../scripts/lib/paths.ts";
import { drawChart } from "./chart.ts";
import type { Contender } from "./contender.ts";
import { startEngine } from "./engine.ts";
import { killOurs, killTheirs } from "./kill.ts";
import { type LibraryContender, startLibrary } from "./library.ts";
import { underLoad } from "./load.ts";
import { describeMachine, listVersions } from "./machine.ts";
import { addedDelay, costs, resumption, resumptionInside, timePerChunk } from "./measure.ts";
import { buildProduct } from "./product.ts";
import { productDelays } from "./product-delay.ts";
import { insertTables, type Results, renderTables, type SideBySide } from "./results.ts";

const livePerSecond = 100;
/** Long enough for a processor to go to sleep, and no multiple of the time between two chunks. */
const idleMs = 17;
const fullFlow = Number.POSITIVE_INFINITY;

function say(what: string): void {
  console.error(`${new Date().toTimeString().slice(0, 8)}  ${what}`);
}

async function compare(theirs: LibraryContender, ours: Contender): Promise<SideBySide> {
  const contenders = [theirs, ours] as const;
  say("time per chunk");
  const perChunk = {
    0: await timePerChunk(contenders, 0),
    1: await timePerChunk(contenders, 1),
    5: await timePerChunk(contenders, 5),
  };
  const isMadeInside = true;
  const perChunkInside = {
    1: await timePerChunk(contenders, 1, { isMadeInside }),
    5: await timePerChunk(contenders, 5, { isMadeInside }),
  };
  say("resume at half");
  const resume = {
    fullFlowWarm: await resumption(contenders, { isWarm: true, rate: fullFlow }),
    fullFlowCold: await resumption(contenders, { isWarm: false, rate: fullFlow }),
    liveWarm: await resumption(contenders, { isWarm: true, rate: livePerSecond }),
    liveCold: await resumption(contenders, { isWarm: false, rate: livePerSecond }),
    waveWarm: await resumption(contenders, { isWarm: true, rate: livePerSecond, readerCount: 20 }),
  };
  const resumeInside = {
    inARow: await resumptionInside(contenders, livePerSecond, 0),
    afterIdling: await resumptionInside(contenders, livePerSecond, idleMs),
  };
  const oneProcess = [theirs.inOneProcess, ours] as const;
  const inOneProcess = {
    perChunk5: await timePerChunk(oneProcess, 5),
    fullFlowWarm: await resumption(oneProcess, { isWarm: true, rate: fullFlow }),
    liveWarm: await resumption(oneProcess, { isWarm: true, rate: livePerSecond }),
  };
  say("what it costs");
  const cost = { 0: await costs(contenders, 0), 5: await costs(contenders, 5) };
  say("added delay");
  const delay = {
    20: await addedDelay(contenders, 20),
    100: await addedDelay(contenders, 100),
    200: await addedDelay(contenders, 200),
  };
  return { perChunk, perChunkInside, delay, resume, resumeInside, inOneProcess, cost };
}

async function measure(): Promise<Results> {
  const theirs = await startLibrary();
  const ours = await startEngine();
  const sideBySide = await compare(theirs, ours).finally(() => ours.stop());
  say("a producer that is killed: theirs");
  const killedTheirs = await killTheirs(theirs).finally(() => theirs.stop());
  say("a producer that is killed: ours");
  const killed = { theirs: killedTheirs, ours: await killOurs() };
  say("added delay of the whole product");
  const product = await productDelays();
  say("200 chats at once");
  const load = await underLoad(200, 2);
  return {
    ranOn: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    versions: listVersions(),
    ...sideBySide,
    product,
    killed,
    load,
  };
}

function write(results: Results): void {
  mkdirSync(fromRoot("bench/results"), { recursive: true });
  writeFileSync(fromRoot("bench/results/streams.json"), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(fromRoot("docs/images/streams-bench.svg"), drawChart(results));
  const docs = fromRoot("docs/benchmarks.md");
  const tables = renderTables(results);
  writeFileSync(docs, insertTables(readFileSync(docs, "utf8"), tables));
  console.log(tables);
}

await runScript(async () => {
  say("building the product");
  await buildProduct();
  write(await measure());
});
process.exit();
