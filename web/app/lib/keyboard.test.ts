import type { KeyboardEvent as ReactKeyboardEvent } from "react";
import { expect, test } from "vitest";
import { ignoringComposition } from "./keyboard.ts";

interface Keys {
  readonly key: string;
  readonly isComposing?: boolean;
  readonly keyCode?: number;
}

/** Which of the two functions gets a key, as a browser's event and as React's. */
function takersOf({ key, isComposing = false, keyCode = 0 }: Keys): string[] {
  const takers: string[] = [];
  const listener = ignoringComposition(
    () => takers.push("handler"),
    () => takers.push("onComposing"),
  );
  const event = { key, isComposing, keyCode } as KeyboardEvent;
  listener(event);
  listener({ key, nativeEvent: event } as ReactKeyboardEvent);
  return takers;
}

test.each([
  { key: "Enter", isComposing: true, keyCode: 229 },
  // Firefox and Chrome on Linux.
  { key: "Process", isComposing: true, keyCode: 229 },
  // Safari: the composition has ended before its last key.
  { key: "Enter", keyCode: 229 },
  { key: "Escape", keyCode: 229 },
  { key: "Escape", isComposing: true, keyCode: 27 },
  { key: "ArrowDown", isComposing: true },
])("a key of an input method does not reach a handler: %o", (keys) => {
  expect(takersOf(keys)).toEqual(["onComposing", "onComposing"]);
});

test.each([
  { key: "Enter", keyCode: 13 },
  { key: "Escape", keyCode: 27 },
  { key: "a", keyCode: 65 },
])("any other key does: %o", (keys) => {
  expect(takersOf(keys)).toEqual(["handler", "handler"]);
});
