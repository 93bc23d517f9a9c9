import { Compartment, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { SuggestionOutput, SuggestionState } from "api-worker/contracts/suggestions";
import { useEffect, useRef, useState } from "react";
import { placeCards } from "./margin-layout.ts";
import {
  hasNewSuggestions,
  listSuggestions,
  newDecisions,
  openSuggestions,
  pointedSuggestion,
  suggestionMarks,
} from "./suggestion-marks.ts";

/** A suggestion as its card shows it. */
export interface ShownSuggestion {
  readonly suggestion: SuggestionOutput;
  /** Whether its text is in the document. */
  readonly isFitting: boolean;
}

interface Shown {
  readonly open: readonly ShownSuggestion[];
  /** The suggestion that is pointed at. */
  readonly pointedId: string | null;
}

interface EditorSuggestions extends Shown {
  /** The element beside the text that the cards belong into; null where there is no room for it. */
  readonly margin: HTMLElement | null;
}

/** From this width of the editor on, the cards are beside the text, in px. */
const besideFromPx = 880;

const listenerSlot = new Compartment();
const marginSlot = new Compartment();

/** The extension of an editor for {@link useEditorSuggestions}. */
export const suggestionExtension: Extension = [
  suggestionMarks,
  listenerSlot.of([]),
  marginSlot.of([]),
];

/** Room for the cards. Lines of code are wrapped, so that they do not run below them. */
const room = [EditorView.editorAttributes.of({ class: "has-margin" }), EditorView.lineWrapping];

/**
 * Shows suggestions in an editor, and follows them while the text changes.
 *
 * @param suggestions the open ones
 * @param onDecide called with all decisions of this editor whenever one is made or undone
 */
export function useEditorSuggestions(
  view: EditorView,
  suggestions: readonly SuggestionOutput[],
  onDecide: (decisions: ReadonlyMap<string, SuggestionState>) => void,
): EditorSuggestions {
  const [shown, setShown] = useState<Shown>({ open: [], pointedId: null });
  const latest = useRef(onDecide);
  latest.current = onDecide;
  const margin = useMargin(view, shown.open.length > 0);
  const marginRef = useRef(margin);
  marginRef.current = margin;

  useEffect(() => {
    const listener = EditorView.updateListener.of((update) => {
      const decisions = newDecisions(update);
      if (decisions) latest.current(decisions);
      const isNew = hasNewSuggestions(update);
      if (isNew) setShown((before) => refresh(before, view));
      if (marginRef.current && (isNew || update.geometryChanged)) {
        placeCards(view, marginRef.current);
      }
    });
    view.dispatch({ effects: listenerSlot.reconfigure(listener) });
  }, [view]);
  useEffect(() => listSuggestions(view, suggestions), [view, suggestions]);

  return { ...shown, margin };
}

/** What is shown now. The same as before when nothing of it has changed: most keystrokes move only. */
function refresh(before: Shown, { state }: EditorView): Shown {
  const pointedId = pointedSuggestion(state);
  const open = openSuggestions(state);
  const isSame =
    pointedId === before.pointedId &&
    open.length === before.open.length &&
    open.every(
      ({ suggestion, isFitting }, index) =>
        suggestion === before.open[index]?.suggestion && isFitting === before.open[index].isFitting,
    );
  return isSame ? before : { open, pointedId };
}

/** Makes room beside the text, if it is wide enough. */
function useMargin(view: EditorView, isWanted: boolean): HTMLElement | null {
  const [isWide, setWide] = useState(false);
  const [margin, setMargin] = useState<HTMLElement | null>(null);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWide(view.dom.clientWidth >= besideFromPx));
    observer.observe(view.dom);
    return () => observer.disconnect();
  }, [view]);
  const hasMargin = isWide && isWanted;
  useEffect(() => {
    if (!hasMargin) return;
    const element = document.createElement("div");
    element.className = "suggestion-margin";
    view.scrollDOM.append(element);
    view.dispatch({ effects: marginSlot.reconfigure(room) });
    setMargin(element);
    return () => {
      setMargin(null);
      element.remove();
      view.dispatch({ effects: marginSlot.reconfigure([]) });
    };
  }, [view, hasMargin]);
  return hasMargin ? margin : null;
}
