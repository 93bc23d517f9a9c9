import { type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import { classNames } from "../../../ui/class-names.ts";
import { isNearEnd } from "../list/use-stick-to-bottom.ts";
import type { ChatMessage } from "../message.ts";
import { DisclosureArrow, DisclosureLine, disclosedClass } from "./disclosure.tsx";

export type ReasoningPart = Extract<ChatMessage["parts"][number], { type: "reasoning" }>;

interface ReasoningProps {
  readonly part: ReasoningPart;
  readonly isThinking: boolean;
}

/**
 * A model's reasoning: open while it streams, then collapsed, unless the reader keeps it open or is
 * reading it.
 */
export function Reasoning({ part, isThinking }: ReasoningProps) {
  const id = useId();
  const [isWanted, setWanted] = useState<boolean>();
  const isOpen = isWanted ?? isThinking;
  const ref = useRef<HTMLDivElement>(null);
  const wasThinking = useRef(isThinking);
  // Before the browser paints, so that nothing folds for a moment.
  useLayoutEffect(() => {
    if (wasThinking.current && !isThinking && isBeingRead(ref)) setWanted((last) => last ?? true);
    wasThinking.current = isThinking;
  }, [isThinking]);
  return (
    <div ref={ref} className="text-muted">
      <DisclosureLine
        isOpen={isOpen}
        controls={id}
        onToggle={() => setWanted(!isOpen)}
        className="gap-1.5"
      >
        <DisclosureArrow isOpen={isOpen} />
        <span className={isThinking ? "animate-pulse" : undefined}>
          {isThinking ? "Thinking…" : thoughtSentence(durationOf(part))}
        </span>
      </DisclosureLine>
      <div
        id={id}
        className={classNames(
          "grid transition-[grid-template-rows,visibility] duration-300 ease-out",
          isOpen ? "grid-rows-[1fr]" : "invisible grid-rows-[0fr]",
        )}
      >
        <div className="min-h-0 overflow-hidden">
          <div
            dir="auto"
            className={classNames(
              disclosedClass,
              "text-sm whitespace-pre-wrap wrap-anywhere [unicode-bidi:plaintext]",
            )}
          >
            {part.text.trim()}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Whether an element is in view of a reader who has scrolled up. */
function isBeingRead({ current: element }: RefObject<HTMLElement | null>): boolean {
  const scroller = element?.closest("[data-messages]");
  if (!element || !scroller || isNearEnd(scroller)) return false;
  const { top, bottom } = element.getBoundingClientRect();
  const view = scroller.getBoundingClientRect();
  return bottom > view.top && top < view.bottom;
}

/** How long the reasoning took, in ms, as noted by the worker. */
function durationOf({ providerMetadata }: ReasoningPart): number | undefined {
  const durationMs = providerMetadata?.alleato?.durationMs;
  return typeof durationMs === "number" ? durationMs : undefined;
}

/** "Thought for 4 s", "Thought for 2 min 5 s". */
export function thoughtSentence(durationMs: number | undefined): string {
  if (durationMs === undefined) return "Thoughts";
  const seconds = Math.max(1, Math.round(durationMs / 1000));
  if (seconds < 60) return `Thought for ${seconds} s`;
  return `Thought for ${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
