/**
 * Random answers with random readers, stops, crashes and failures. `RANDOM_RUNS` sets their number
 * and `RANDOM_SEED` the seed of the first. With one run, the same seed plays the same plan again.
 */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerFor } from "../../../../test/callers.ts";
import { takeErrors } from "../../../../test/logs.ts";
import { makePlan } from "../../../../test/random-plan.ts";
import { playPlan } from "../../../../test/random-run.ts";
import { delay } from "../../../platform/delay.ts";

/** Concurrent runs. A run spends most of its time waiting. */
const concurrency = 4;

/**
 * A run takes a second or two, on a busy machine half a minute. A run that takes this long hangs.
 */
const runTimeoutMs = 120_000;

const runs = Number(env.RANDOM_RUNS);
const firstSeed = env.RANDOM_SEED === "" ? Date.now() % 2 ** 31 : Number(env.RANDOM_SEED);

test(`whatever happens, what was seen is kept and every answer ends once: ${runs} runs from seed ${firstSeed}`, {
  timeout: 30_000 + runs * 5_000,
}, async () => {
  console.warn(`random runs: ${runs} from seed ${firstSeed}`);
  const failures: string[] = [];
  let next = 0;
  const work = async () => {
    while (next < runs && failures.length < 5) {
      // A new user for each run, because of the daily limit on messages.
      const owner = await callerFor("owner");
      const seed = firstSeed + next;
      next += 1;
      let where = "";
      const tell = (next: string) => {
        where = next;
      };
      try {
        await inTime(playPlan(owner, makePlan(seed), tell));
      } catch (error) {
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        failures.push(`RANDOM_SEED=${seed} RANDOM_RUNS=1 fails (${where}):\n${reason}`);
        console.warn(failures.at(-1));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, runs) }, work));
  // The log has only failures that the test caused.
  const errors = takeErrors().map(({ text }) => text);
  const unexpected = errors.filter((text) => !/This was made to fail|crash/.test(text));
  expect(failures.join("\n\n")).toBe("");
  expect(unexpected).toEqual([]);
});

async function inTime(run: Promise<void>): Promise<void> {
  const timeout = new AbortController();
  const late = delay(runTimeoutMs, timeout.signal).then(() => {
    if (!timeout.signal.aborted) throw new Error("This run hangs.");
  });
  await Promise.race([run, late]);
  timeout.abort();
}
