import { setTimeout as sleep } from "node:timers/promises";
import { ScriptError } from "./failure.ts";
import type { Service } from "./processes.ts";

/** An answer of the API worker: it numbers each, whatever its status. */
export const isFromApi = (response: Response) => response.headers.has("x-request-id");

/** A page of the web app that is there for everybody. */
export const isPage = (response: Response) => response.status === 200;

/** How long a service may take to answer, in milliseconds. A cold first start compiles much. */
const patienceMs = 120_000;

/**
 * Waits until an address gives the answer that only the service in question would give.
 *
 * @param service who should answer: when it ends first, there is nothing to wait for
 * @param isRight whether an answer is the service's own
 * @throws {ScriptError} when it ends, or takes too long, with its last output
 */
export async function waitForAnswer(
  url: string,
  service: Service,
  isRight: (response: Response) => boolean,
): Promise<void> {
  let hasEnded = false;
  void service.ended.then(() => {
    hasEnded = true;
  });
  const giveUpAt = performance.now() + patienceMs;
  while (!hasEnded && performance.now() < giveUpAt) {
    if (await answers(url, isRight)) return;
    await sleep(100);
  }
  const reason = hasEnded ? "ended before it answered" : `did not answer in ${patienceMs / 1000} s`;
  throw new ScriptError(`${service.name} ${reason}. Its last words:\n${service.lastLines()}`);
}

async function answers(url: string, isRight: (response: Response) => boolean): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return isRight(response);
  } catch {
    return false;
  }
}
