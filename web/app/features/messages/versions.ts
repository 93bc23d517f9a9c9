import type { MessageOutput } from "api-worker/contracts";

/**
 * Version ids of each message that has more than one, oldest first and including the message
 * itself, by message id.
 */
export type Versions = ReadonlyMap<string, readonly string[]>;

export const noVersions: Versions = new Map();

/** Updates the versions of these messages with the worker's data. */
export function mergeVersions(
  known: Versions,
  messages: readonly Pick<MessageOutput, "id" | "siblingIds">[],
): Versions {
  const merged = new Map(known);
  for (const { id, siblingIds } of messages) {
    if (siblingIds.length > 1) merged.set(id, siblingIds);
    else merged.delete(id);
  }
  return merged;
}

/** Adds a new version of an existing message. */
export function addVersion(known: Versions, messageId: string, newId: string): Versions {
  const ids = [...(known.get(messageId) ?? [messageId]).filter((id) => id !== newId), newId];
  return new Map([...known, ...ids.map((id) => [id, ids] as const)]);
}
