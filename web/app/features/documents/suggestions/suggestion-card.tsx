import { useId } from "react";
import { Button } from "../../../ui/button.tsx";
import { classNames } from "../../../ui/class-names.ts";
import type { ShownSuggestion } from "./use-editor-suggestions.ts";

interface SuggestionCardProps {
  readonly shown: ShownSuggestion;
  /** Whether its reader points at it, here or in the text. */
  readonly isPointed: boolean;
  readonly onAccept: (id: string) => void;
  readonly onReject: (id: string) => void;
  /** Called when its reader points at it. `isScrolled`: its text should come into view. */
  readonly onPoint: (id: string, isScrolled: boolean) => void;
}

/** A suggestion with what may be done about it. */
export function SuggestionCard({
  shown: { suggestion, isFitting },
  isPointed,
  onAccept,
  onReject,
  onPoint,
}: SuggestionCardProps) {
  const textId = useId();
  const { id, original, proposed, reason } = suggestion;
  return (
    <li
      data-suggestion-card={id}
      onPointerEnter={() => onPoint(id, false)}
      onFocus={({ target }) => {
        // A press shows where it is already. The keyboard scrolls to the text.
        if (target.matches(":focus-visible")) onPoint(id, true);
      }}
      className={classNames(
        "rounded-xl border bg-raised p-3.5 shadow-raised transition-colors",
        isPointed ? "border-accent" : "border-line",
      )}
    >
      <div id={textId} className="flex flex-col gap-1">
        <p dir="auto" className="line-clamp-4 wrap-anywhere text-muted">
          <span className="sr-only">Replace: </span>
          <del>{original}</del>
        </p>
        <p dir="auto" className="line-clamp-6 wrap-anywhere">
          <span className="sr-only">With: </span>
          {proposed.trim() === "" ? (
            <span className="text-muted">(nothing)</span>
          ) : (
            <ins className="no-underline">{proposed}</ins>
          )}
        </p>
      </div>
      {reason !== "" && (
        <p dir="auto" className="mt-2 text-muted text-pretty wrap-anywhere">
          {reason}
        </p>
      )}
      {!isFitting && (
        <p className="mt-2 text-pretty text-danger">
          This text has changed, so the suggestion no longer fits.
        </p>
      )}
      <div className="mt-3 flex gap-2">
        {isFitting && (
          <Button isSmall look="primary" aria-describedby={textId} onClick={() => onAccept(id)}>
            Accept
          </Button>
        )}
        <Button isSmall aria-describedby={textId} onClick={() => onReject(id)}>
          {isFitting ? "Reject" : "Dismiss"}
        </Button>
      </div>
    </li>
  );
}
