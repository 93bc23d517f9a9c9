import { redo, undo } from "@codemirror/commands";
import type { EditorView } from "@codemirror/view";
import type { SuggestionOutput, SuggestionState } from "api-worker/contracts/suggestions";
import { ChevronDown } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import { ignoringComposition } from "../../../lib/keyboard.ts";
import { Button } from "../../../ui/button.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { placeCards } from "./margin-layout.ts";
import { SuggestionCard } from "./suggestion-card.tsx";
import { acceptSuggestions, pointAt, rejectSuggestion } from "./suggestion-marks.ts";
import { useEditorSuggestions } from "./use-editor-suggestions.ts";

export interface SuggestionListProps {
  readonly view: EditorView;
  /** The open suggestions of the document. */
  readonly suggestions: readonly SuggestionOutput[];
  /** Called with all decisions of this editor whenever one is made or undone. */
  readonly onDecide: (decisions: ReadonlyMap<string, SuggestionState>) => void;
}

/** The open suggestions of a document: beside their lines, or below the text where it is narrow. */
export function SuggestionList({ view, suggestions, onDecide }: SuggestionListProps) {
  const { open, pointedId, margin } = useEditorSuggestions(view, suggestions, onDecide);
  const listRef = useRef<HTMLUListElement>(null);
  const [said, setSaid] = useState("");
  const fittingIds = open.flatMap(({ suggestion, isFitting }) =>
    isFitting ? [suggestion.id] : [],
  );

  useLayoutEffect(() => {
    if (margin) placeCards(view, margin);
  });
  useEffect(() => {
    const card = pointedId === null ? null : cardIn(listRef.current, pointedId);
    // A card under the pointer must not move away from a press.
    if (!card?.matches(":hover")) card?.scrollIntoView({ block: "nearest" });
  }, [pointedId]);

  function decide(done: string, id: string, run: () => void) {
    const index = open.findIndex(({ suggestion }) => suggestion.id === id);
    const next = open[index + 1] ?? open[index - 1];
    run();
    setSaid(
      open.length === 1 ? `${done} No suggestions left.` : `${done} ${open.length - 1} left.`,
    );
    const card = next && cardIn(listRef.current, next.suggestion.id);
    const button = card?.querySelector<HTMLElement>("button");
    if (button) button.focus({ preventScroll: true });
    else view.focus();
  }

  function acceptAll() {
    acceptSuggestions(view, fittingIds);
    setSaid("All suggestions that fit were accepted.");
    view.focus();
  }

  const list = (
    <ul
      ref={listRef}
      onPointerLeave={() => pointAt(view, null)}
      className={margin ? undefined : "flex flex-col gap-2 px-4 pb-4 sm:px-6"}
    >
      {open.map((shown) => (
        <SuggestionCard
          key={shown.suggestion.id}
          shown={shown}
          isPointed={shown.suggestion.id === pointedId}
          onAccept={(id) => decide("Accepted.", id, () => acceptSuggestions(view, [id]))}
          onReject={(id) => decide("Rejected.", id, () => rejectSuggestion(view, id))}
          onPoint={(id, isScrolled) => pointAt(view, id, isScrolled)}
        />
      ))}
    </ul>
  );
  const onKeyDown = ignoringComposition((event: KeyboardEvent) => undoKey(event, view));
  const frame = {
    count: open.length,
    onKeyDown,
    onAcceptAll: fittingIds.length > 1 ? acceptAll : null,
  };
  return (
    <>
      <p role="status" className="sr-only">
        {said}
      </p>
      {open.length > 0 &&
        (margin ? (
          createPortal(<MarginFrame {...frame}>{list}</MarginFrame>, margin)
        ) : (
          <ListFrame {...frame}>{list}</ListFrame>
        ))}
    </>
  );
}

interface FrameProps {
  readonly count: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** null when there are not several to accept. */
  readonly onAcceptAll: (() => void) | null;
  readonly children: ReactNode;
}

/** Beside the text, where the cards are placed by their lines. */
function MarginFrame({ count, onKeyDown, onAcceptAll, children }: FrameProps) {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId} onKeyDown={onKeyDown} className="text-sm">
      <div data-suggestion-head className="flex min-h-8 items-center gap-2 pt-4">
        <Heading id={titleId} count={count} />
        <AcceptAll onAcceptAll={onAcceptAll} />
      </div>
      {children}
    </section>
  );
}

/** Below the text, where the cards can be folded away. */
function ListFrame({ count, onKeyDown, onAcceptAll, children }: FrameProps) {
  const titleId = useId();
  const [isUnfolded, setUnfolded] = useState(true);
  return (
    <section
      aria-labelledby={titleId}
      onKeyDown={onKeyDown}
      className="flex max-h-[45%] shrink-0 flex-col border-t border-line text-sm"
    >
      <div className="flex min-h-12 shrink-0 items-center gap-2 ps-4 pe-2 sm:ps-6 sm:pe-4">
        <Heading id={titleId} count={count} />
        <AcceptAll onAcceptAll={onAcceptAll} />
        <button
          type="button"
          aria-expanded={isUnfolded}
          aria-label="Show suggestions"
          onClick={() => setUnfolded(!isUnfolded)}
          className="inline-flex size-10 items-center justify-center rounded-lg text-muted transition-colors hover:bg-hover hover:text-ink"
        >
          <ChevronDown
            aria-hidden
            className={classNames(
              "size-5 transition-transform duration-200",
              !isUnfolded && "rotate-180",
            )}
          />
        </button>
      </div>
      <div hidden={!isUnfolded} className="min-h-0 overflow-y-auto overscroll-contain">
        {children}
      </div>
    </section>
  );
}

function Heading({ id, count }: { readonly id: string; readonly count: number }) {
  return (
    <h2 id={id} className="flex-1 font-medium">
      {count === 1 ? "1 suggestion" : `${count} suggestions`}
    </h2>
  );
}

function AcceptAll({ onAcceptAll }: Pick<FrameProps, "onAcceptAll">) {
  if (onAcceptAll === null) return null;
  return (
    <Button isSmall look="quiet" onClick={onAcceptAll}>
      Accept all
    </Button>
  );
}

function cardIn(list: HTMLElement | null, id: string): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-suggestion-card="${id}"]`) ?? null;
}

/** Undoes a decision from the list, where the editor does not hear the keys. */
function undoKey(event: KeyboardEvent, view: EditorView) {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
  event.preventDefault();
  if (event.shiftKey) redo(view);
  else undo(view);
}
