import { setTimeout as sleep } from "node:timers/promises";
import { ScriptError } from "./failure.ts";
import type { Service } from "./processes.ts";

/** A response of the API worker, which always has a request id, whatever its status. */
export const isFromApi = (response: Response) => response.headers.has("x-request-id");

/** A page of the web app that needs no login. */
export const isPage = (response: Response) => response.status === 200;

/** How long a service may take to respond, in milliseconds. A cold first start compiles a lot. */
const patienceMs = 120_000;

/**
 * Waits until an address gives a response that only the expected service would give.
 *
 * @param service the service that should respond: if it ends first, the wait is over
 * @param isRight whether a response is the service's own
 * @throws {ScriptError} with the service's last output, when it ends or takes too long
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
  const reason = hasEnded
    ? "ended before it responded"
    : `did not respond in ${patienceMs / 1000} s`;
  throw new ScriptError(`${service.name} ${reason}. Its last output:\n${service.lastLines()}`);
}

/**
 * Asks an address once.
 *
 * @returns whether it gives the expected response within five seconds
 */
export async function answers(
  url: string,
  isRight: (response: Response) => boolean,
): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return isRight(response);
  } catch {
    return false;
  }
}
