import type { KeyboardEvent } from "react";
import { useSyncExternalStore } from "react";
import { readStored, writeStored } from "./local-storage.ts";
import { Store } from "./store.ts";

/** What Enter does in a box for messages. Shift+Enter always adds a line; Ctrl+Enter always sends. */
export type EnterKey = "send" | "line";

const name = "enter-key";
/** A touch screen's keyboard has no Shift+Enter, so there Enter adds a line. */
const touchScreen = "(pointer: coarse)";

// The choice made in this document, where storage did not keep it.
const chosen = new Store<EnterKey | null>(null);

/** What Enter does: the user's choice in this browser, or what suits its keyboard. Browser only. */
export function readEnterKey(): EnterKey {
  const choice = chosen.value ?? readStored(name);
  if (choice === "send" || choice === "line") return choice;
  return matchMedia(touchScreen).matches ? "line" : "send";
}

/** Chooses what Enter does, for the user in this browser. */
export function setEnterKey(enterKey: EnterKey): void {
  writeStored(name, enterKey);
  chosen.set(readStored(name) === enterKey ? null : enterKey);
}

/** What Enter does, for rendering; "send" on the server. */
export function useEnterKey(): EnterKey {
  return useSyncExternalStore(subscribe, readEnterKey, () => "send");
}

/** Whether a key in a box for messages sends. */
export function isSendKey(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || event.shiftKey) return false;
  return event.ctrlKey || event.metaKey || readEnterKey() === "send";
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(touchScreen);
  query.addEventListener("change", listener);
  const unsubscribe = chosen.subscribe(listener);
  return () => {
    query.removeEventListener("change", listener);
    unsubscribe();
  };
}
