/** Faults of a chat's object, and time that passes for it. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { chatObject } from "../src/platform/chat-object.ts";
import { delay } from "../src/platform/delay.ts";
import type { Caller } from "./callers.ts";
import { setFaults } from "./faults.ts";

export const stubOf = (owner: Caller, chatId: string) =>
  chatObject(env, { userId: owner.user.id, chatId });

/** A call from a test into an object is over in milliseconds, unless the object dies under it. */
const patienceMs = 1_500;

/**
 * Calls into an object from outside, and again when it dies during the call. Such a call fails or
 * never returns.
 */
export async function untilAnswered<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const over = new AbortController();
    const late = delay(patienceMs, over.signal).then(() => {
      throw new Error("The object does not answer the test.");
    });
    try {
      return await Promise.race([call(), late]);
    } catch (error) {
      if (tries === 6) throw error;
    } finally {
      late.catch(() => undefined);
      over.abort();
    }
  }
}

/** Kills the object without warning. Unsynced writes are lost. */
export async function crash(owner: Caller, chatId: string): Promise<void> {
  await untilAnswered(() =>
    runInDurableObject(stubOf(owner, chatId), (_, state) => state.abort("crash")).catch(
      () => undefined,
    ),
  );
}

/**
 * Withdraws the models of a chat's answers, so that a turn that dies cannot go on by itself.
 *
 * @returns a function that brings them back
 */
export function withdrawModels(owner: Caller, chatId: string): () => void {
  const key = { userId: owner.user.id, chatId };
  // With a provider's key there is no demo model.
  setFaults(key, { ai: { GOOGLE_GENERATIVE_AI_API_KEY: "none" } });
  return () => setFaults(key, undefined);
}

/** Runs the object's alarm as if the outbox entries were due. */
export async function runDueAlarm(owner: Caller, chatId: string): Promise<void> {
  await untilAnswered(async () => {
    const stub = stubOf(owner, chatId);
    await runInDurableObject(stub, async (_, { storage }) => {
      storage.sql.exec("UPDATE turns SET deliverAt = 1 WHERE deliverAt IS NOT NULL");
      await storage.setAlarm(Date.now() + 60_000);
    });
    await runDurableObjectAlarm(stub);
  });
}

/**
 * Runs the alarm as if the grace period after the last delivery were over, and everything else were
 * due.
 */
export async function runLateAlarm(owner: Caller, chatId: string): Promise<void> {
  await runInDurableObject(stubOf(owner, chatId), (_, { storage }) => {
    storage.sql.exec("UPDATE turns SET doneAt = doneAt - 660000, finishedAt = finishedAt - 660000");
  });
  await runDueAlarm(owner, chatId);
}
