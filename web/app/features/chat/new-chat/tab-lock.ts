/** How long a lock may still be held by the document that a reload replaces, in ms. */
const reloadMs = 1_000;

/** What releases each lock that this document holds. */
const held = new Map<string, () => void>();

/**
 * Takes a chat that has not started for this tab, until it is released or the document is gone.
 *
 * @param patience "now" gives up when another tab has it; "wait" waits for a document that is being
 *   replaced
 * @returns whether this tab has it; without the Web Locks API (over HTTP) always true for "wait"
 */
export async function holdTabLock(chatId: string, patience: "now" | "wait"): Promise<boolean> {
  if (held.has(chatId)) return true;
  if (!navigator.locks) return patience === "wait";
  const isHeld = Promise.withResolvers<boolean>();
  const options =
    patience === "now" ? { ifAvailable: true } : { signal: AbortSignal.timeout(reloadMs) };
  navigator.locks
    .request(`alleato:new-chat:${chatId}`, options, (lock) => {
      if (!lock) return isHeld.resolve(false);
      const released = Promise.withResolvers<void>();
      held.set(chatId, released.resolve);
      isHeld.resolve(true);
      return released.promise;
    })
    .catch(() => isHeld.resolve(false));
  return isHeld.promise;
}

export function releaseTabLock(chatId: string): void {
  held.get(chatId)?.();
  held.delete(chatId);
}
