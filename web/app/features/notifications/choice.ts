import { readStored, writeStored } from "../../lib/local-storage.ts";

/**
 * How this browser notifies the user. `page`: open tabs do. `push`: the worker does, through the
 * browser's push service, also when no tab is open. null: not at all.
 */
export type NotificationChoice = "page" | "push" | null;

const name = "notifications";

/** The user's choice in this browser. Browser only. */
export function readChoice(): NotificationChoice {
  const stored = readStored(name);
  return stored === "page" || stored === "push" ? stored : null;
}

/** Remembers the user's choice in this browser. */
export function writeChoice(choice: NotificationChoice): void {
  writeStored(name, choice);
}
