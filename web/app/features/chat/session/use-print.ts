import { useEffect, useEffectEvent, useState } from "react";
import { flushSync } from "react-dom";
import { ignoringComposition } from "../../../lib/keyboard.ts";
import type { ChatSession } from "./chat-session.ts";

export interface Printing {
  /** Whether all loaded messages must be on the page. */
  readonly isWhole: boolean;
  /** Whether older messages are being loaded for the print. */
  readonly isPreparing: boolean;
  /** Loads the whole chat and opens the browser's print dialog. */
  readonly print: () => void;
}

/**
 * Prints whole chats. Ctrl+P loads the older messages of a chat first. A print from the browser's
 * menu cannot wait for that; it has all loaded messages.
 */
export function usePrint(session: ChatSession, hasOlder: boolean): Printing {
  const [step, setStep] = useState<"none" | "loading" | "printing">("none");
  const print = async () => {
    if (step === "loading") return;
    setStep("loading");
    if (!(await session.history.loadAllOlder())) {
      setStep("none");
      return;
    }
    flushSync(() => setStep("printing"));
    window.print();
  };
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isCommand || event.key.toLowerCase() !== "p" || !hasOlder) return;
    event.preventDefault();
    void print();
  });
  useEffect(() => {
    // The browser takes the page as it is when the handler returns.
    const onBeforePrint = () => flushSync(() => setStep("printing"));
    const onAfterPrint = () => setStep("none");
    const onKey = ignoringComposition((event: KeyboardEvent) => onKeyDown(event));
    window.addEventListener("beforeprint", onBeforePrint);
    window.addEventListener("afterprint", onAfterPrint);
    document.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("beforeprint", onBeforePrint);
      window.removeEventListener("afterprint", onAfterPrint);
      document.removeEventListener("keydown", onKey);
    };
  }, []);
  return { isWhole: step !== "none", isPreparing: step === "loading", print: () => void print() };
}
