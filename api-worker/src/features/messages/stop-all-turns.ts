import type { OwnerContext } from "../../context.ts";
import { listOpenTurns } from "./queries.ts";
import { stopTurn } from "./stop-turn.ts";

/** A turn that was let in before its owner was disabled may appear after the first look. */
const maxLooks = 3;

/**
 * Stops all answers in progress of an owner who may start no other. Never throws: an answer that
 * cannot be stopped is logged, and ends by itself.
 */
export async function stopAllTurns(owner: OwnerContext): Promise<void> {
  for (let look = 0; look < maxLooks; look += 1) {
    const turns = await listOpenTurns(owner.content, owner.userId);
    if (turns.length === 0) return;
    const ends = await Promise.allSettled(turns.map((turn) => stopTurn(owner, turn)));
    for (const [index, end] of ends.entries()) {
      if (end.status === "rejected")
        owner.log.error("messages.turn_not_stopped", end.reason, { ...turns[index] });
    }
  }
}
