import { contentFor } from "../../../platform/content.ts";
import type { RequestBudget } from "../../../platform/request-budget.ts";
import { findAnswers } from "./queries.ts";
import type { OpenHold, SiteLedger } from "./site-ledger.ts";

/** Turns that are asked about at once. */
const atOnceMax = 50;

/**
 * Settles turns whose ends were not told, by what D1 has of them. A turn that D1 has as running goes
 * on counting by its estimate. One that D1 does not know, and one that has lasted longer than any
 * turn may, counts by its estimate for good.
 *
 * @param since epoch milliseconds; turns that were taken or asked about later are left alone
 * @param maxMs what a turn may take, restarts included
 * @param budget one request for each content database that has some of these turns
 * @returns whether more turns may wait, and the budget allows to ask about them
 * @throws what D1 throws; turns that were not asked about then wait for the next call
 */
export async function settleLost(
  ledger: SiteLedger,
  env: Env,
  { since, now, maxMs }: { since: number; now: number; maxMs: number },
  budget: RequestBudget,
): Promise<boolean> {
  const holds = ledger.listUnsettled(since, atOnceMax);
  for (const [contentShard, ofShard] of Map.groupBy(holds, (hold) => hold.contentShard)) {
    if (!budget.take(1)) return false;
    const found = await findAnswers(contentFor(env, { contentShard }), ofShard);
    const answers = new Map(found.map((answer) => [answer.turnId, answer]));
    for (const hold of ofShard) {
      const answer = answers.get(hold.turnId);
      if (answer?.status === "streaming" && now - hold.takenAt < maxMs) ledger.keep(hold.turnId);
      else if (!answer || answer.status === "streaming") ledger.settleByEstimate(hold.turnId);
      else ledger.settle(hold.turnId, useOf(hold, answer));
    }
  }
  return holds.length === atOnceMax && budget.left > 0;
}

type Ended = Awaited<ReturnType<typeof findAnswers>>[number];

function useOf({ tokensBefore }: OpenHold, { inputTokens, outputTokens, bytes }: Ended) {
  const tokens = (inputTokens ?? 0) + (outputTokens ?? 0) - tokensBefore;
  // D1 sums up the turns of an answer, so a turn that was cut off in its first call has added nothing.
  return tokens > 0
    ? { inputTokens: tokens, outputTokens: 0, writtenBytes: 0 }
    : { writtenBytes: bytes };
}
