import type { MessageOutput } from "api-worker/contracts";

/** All versions of a message, the oldest first, itself among them; by its id. Only of those that have several. */
export type Versions = ReadonlyMap<string, readonly string[]>;

export const noVersions: Versions = new Map();

/** Takes over what the worker says of these messages. */
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

/** Adds the newest version of a message that has been there before. */
export function addVersion(known: Versions, messageId: string, newId: string): Versions {
  const ids = [...(known.get(messageId) ?? [messageId]).filter((id) => id !== newId), newId];
  return new Map([...known, ...ids.map((id) => [id, ids] as const)]);
}
