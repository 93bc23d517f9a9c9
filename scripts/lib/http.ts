import { setTimeout as sleep } from "node:timers/promises";
import { ScriptError } from "./failure.ts";
import type { Service } from "./processes.ts";

/** How long a service may take to answer, in milliseconds. A cold first start compiles much. */
const patienceMs = 120_000;

/**
 * Waits until an address answers with anything but a server error.
 *
 * @param service who should answer: when it ends first, there is nothing to wait for
 * @throws {ScriptError} when it ends, or takes too long, with its last output
 */
export async function waitForAnswer(url: string, service: Service): Promise<void> {
  let hasEnded = false;
  void service.ended.then(() => {
    hasEnded = true;
  });
  const giveUpAt = performance.now() + patienceMs;
  while (!hasEnded && performance.now() < giveUpAt) {
    if (await answers(url)) return;
    await sleep(100);
  }
  const reason = hasEnded ? "ended before it answered" : `did not answer in ${patienceMs / 1000} s`;
  throw new ScriptError(`${service.name} ${reason}. Its last words:\n${service.lastLines()}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}
