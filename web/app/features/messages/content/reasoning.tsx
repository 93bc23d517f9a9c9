import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { classNames } from "../../../ui/class-names.ts";
import type { ChatMessage } from "../message.ts";

export type ReasoningPart = Extract<ChatMessage["parts"][number], { type: "reasoning" }>;

interface ReasoningProps {
  readonly part: ReasoningPart;
  readonly isThinking: boolean;
}

/** A model's reasoning: open while it streams, then collapsed unless the reader keeps it open. */
export function Reasoning({ part, isThinking }: ReasoningProps) {
  const id = useId();
  const [isWanted, setWanted] = useState<boolean>();
  const isOpen = isWanted ?? isThinking;
  return (
    <div className="text-muted">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setWanted(!isOpen)}
        className="-mx-2 inline-flex min-h-8 items-center gap-1.5 rounded-lg px-2 text-sm transition-colors hover:text-ink max-md:min-h-10"
      >
        <ChevronRight
          size={16}
          aria-hidden
          className={classNames("transition-transform duration-200", isOpen && "rotate-90")}
        />
        <span className={isThinking ? "animate-pulse" : undefined}>
          {isThinking ? "Thinking…" : thoughtSentence(durationOf(part))}
        </span>
      </button>
      <div
        id={id}
        className={classNames(
          "grid transition-[grid-template-rows,visibility] duration-300 ease-out",
          isOpen ? "grid-rows-[1fr]" : "invisible grid-rows-[0fr]",
        )}
      >
        <div className="min-h-0 overflow-hidden">
          <div className="mt-1 mb-2 ms-2 border-s-2 border-line ps-4 text-sm whitespace-pre-wrap wrap-anywhere">
            {part.text.trim()}
          </div>
        </div>
      </div>
    </div>
  );
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
