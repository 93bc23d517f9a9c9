/** Suggestions in the editor: where they are while the text changes, and what is decided of them. */
import { invertedEffects, isolateHistory } from "@codemirror/commands";
import {
  Annotation,
  type EditorState,
  type Extension,
  StateEffect,
  StateField,
  type Transaction,
} from "@codemirror/state";
import { Decoration, EditorView, type ViewUpdate } from "@codemirror/view";
import type { SuggestionOutput, SuggestionState } from "api-worker/contracts/suggestions";
import { findPlace, findTouching, type TextRange } from "./anchor.ts";

/** A suggestion at its place. */
export interface PlacedSuggestion extends TextRange {
  readonly suggestion: SuggestionOutput;
  readonly state: SuggestionState;
  /** Whether its text is at this place. Otherwise the place is where the text was. */
  readonly isFitting: boolean;
  /** Whether it was decided in this editor, so that the decision can be undone here. */
  readonly isTouched: boolean;
}

type Decision = { readonly id: string; readonly state: SuggestionState };

const listed = StateEffect.define<readonly SuggestionOutput[]>();
const decided = StateEffect.define<readonly Decision[]>();
const pointedAt = StateEffect.define<string | null>();

/** Marks a change that replaces the text by another one: torn suggestions are looked for anew. */
export const isOtherText = Annotation.define<true>();

const placedField = StateField.define<readonly PlacedSuggestion[]>({
  create: () => [],
  update(placed, transaction) {
    // Without suggestions, an edit changes nothing here.
    const isMoved = transaction.docChanged && placed.length > 0;
    let next = isMoved ? moveAll(placed, transaction) : placed;
    for (const effect of transaction.effects) {
      if (effect.is(listed)) next = merge(next, effect.value, transaction.state);
      if (effect.is(decided)) next = decide(next, effect.value);
    }
    return next;
  },
});

const pointedField = StateField.define<string | null>({
  create: () => null,
  update: (pointed, { effects }) =>
    effects.reduce((id, effect) => (effect.is(pointedAt) ? effect.value : id), pointed),
});

function moveAll(
  placed: readonly PlacedSuggestion[],
  transaction: Transaction,
): readonly PlacedSuggestion[] {
  const { changes, newDoc } = transaction;
  // These may bring a text back anywhere. An edit by hand brings none back but where it was.
  const isReturn =
    transaction.annotation(isOtherText) ||
    transaction.isUserEvent("undo") ||
    transaction.isUserEvent("redo");
  let content: string | null = null;
  return placed.map((one) => {
    const { original } = one.suggestion;
    const [a, b] = [changes.mapPos(one.from, 1), changes.mapPos(one.to, -1)];
    const range = { from: Math.min(a, b), to: Math.max(a, b) };
    if (newDoc.sliceString(range.from, range.to) === original) {
      return { ...one, ...range, isFitting: true };
    }
    const read = (from: number, to: number) => newDoc.sliceString(from, to);
    let found = findTouching(read, newDoc.length, original, range);
    if (found === null && isReturn) {
      content ??= newDoc.toString();
      found = findPlace(content, original, range.from);
    }
    return { ...one, ...(found ?? range), isFitting: found !== null };
  });
}

/** Takes over the list of open suggestions. What was decided here stays, so that it can be undone. */
function merge(
  placed: readonly PlacedSuggestion[],
  suggestions: readonly SuggestionOutput[],
  { doc }: EditorState,
): readonly PlacedSuggestion[] {
  const isOpen = (id: string) => suggestions.some((one) => one.id === id);
  const kept = placed.filter((one) => one.isTouched || isOpen(one.suggestion.id));
  const fresh = suggestions.filter(({ id }) => !kept.some((one) => one.suggestion.id === id));
  if (fresh.length === 0 && kept.length === placed.length) return placed;
  const content = doc.toString();
  const added = fresh.map((suggestion): PlacedSuggestion => {
    const found = findPlace(content, suggestion.original, suggestion.start);
    const at = Math.min(suggestion.start, content.length);
    const range = found ?? { from: at, to: at };
    const facts = { suggestion, state: "open", isTouched: false } as const;
    return { ...facts, ...range, isFitting: found !== null };
  });
  return [...kept, ...added].sort((a, b) => a.from - b.from || a.to - b.to);
}

function decide(
  placed: readonly PlacedSuggestion[],
  decisions: readonly Decision[],
): readonly PlacedSuggestion[] {
  return placed.map((one) => {
    const decision = decisions.find(({ id }) => id === one.suggestion.id);
    return decision ? { ...one, state: decision.state, isTouched: true } : one;
  });
}

/** Undoing an edit that accepted suggestions opens them again. */
const undoing = invertedEffects.of(({ effects, startState }) =>
  effects.flatMap((effect) => {
    if (!effect.is(decided)) return [];
    const before = startState.field(placedField);
    return decided.of(
      effect.value.flatMap(({ id }) => {
        const found = before.find((one) => one.suggestion.id === id);
        return found ? { id, state: found.state } : [];
      }),
    );
  }),
);

const marks = EditorView.decorations.compute([placedField, pointedField], (state) => {
  const pointed = state.field(pointedField);
  return Decoration.set(
    openSuggestions(state).flatMap(({ suggestion: { id }, from, to, isFitting }) =>
      isFitting && to > from
        ? Decoration.mark({
            class: id === pointed ? "cm-suggestion cm-suggestion-pointed" : "cm-suggestion",
            attributes: { "data-suggestion": id },
          }).range(from, to)
        : [],
    ),
    true,
  );
});

const pointing = EditorView.domEventHandlers({
  mousedown({ target }, view) {
    const mark = target instanceof Element ? target.closest("[data-suggestion]") : null;
    const id = mark?.getAttribute("data-suggestion") ?? null;
    if (id !== view.state.field(pointedField)) view.dispatch({ effects: pointedAt.of(id) });
  },
});

/** The extension for an editor with suggestions, which needs its history too. */
export const suggestionMarks: Extension = [placedField, pointedField, undoing, marks, pointing];

/** The open suggestions, in the order of their places when they were listed. */
export function openSuggestions(state: EditorState): readonly PlacedSuggestion[] {
  return state.field(placedField).filter((one) => one.state === "open");
}

/** The suggestion that is pointed at, in the text or by its card; null for none. */
export function pointedSuggestion(state: EditorState): string | null {
  return state.field(pointedField);
}

/** Whether an update has changed suggestions, or what is pointed at. */
export function hasNewSuggestions({ startState, state }: ViewUpdate): boolean {
  return (
    startState.field(placedField) !== state.field(placedField) ||
    startState.field(pointedField) !== state.field(pointedField)
  );
}

/** The decisions of this editor, by the suggestions' ids; null when an update has made none. */
export function newDecisions(update: ViewUpdate): ReadonlyMap<string, SuggestionState> | null {
  const isNew = update.transactions.some(({ effects }) => effects.some((one) => one.is(decided)));
  if (!isNew) return null;
  const touched = update.state.field(placedField).filter((one) => one.isTouched);
  return new Map(touched.map(({ suggestion, state }) => [suggestion.id, state]));
}

/** Shows these suggestions, and no others but those that were decided here. */
export function listSuggestions(view: EditorView, suggestions: readonly SuggestionOutput[]): void {
  view.dispatch({ effects: listed.of(suggestions) });
}

/**
 * Points at a suggestion; null at none.
 *
 * @param isScrolled scrolls to its text
 */
export function pointAt(view: EditorView, id: string | null, isScrolled = false): void {
  const placed = view.state.field(placedField).find((one) => one.suggestion.id === id);
  const scroll =
    isScrolled && placed ? [EditorView.scrollIntoView(placed.from, { y: "center" })] : [];
  if (scroll.length === 0 && view.state.field(pointedField) === id) return;
  view.dispatch({ effects: [pointedAt.of(id), ...scroll] });
}

/**
 * Accepts suggestions whose text is there, as one edit. One that overlaps with another before it
 * stays open.
 */
export function acceptSuggestions(view: EditorView, ids: readonly string[]): void {
  let end = 0;
  const wanted = openSuggestions(view.state)
    .filter(({ suggestion, isFitting }) => isFitting && ids.includes(suggestion.id))
    .sort((a, b) => a.from - b.from)
    .filter(({ from, to }) => {
      const isFree = from >= end;
      if (isFree) end = to;
      return isFree;
    });
  if (wanted.length === 0) return;
  view.dispatch({
    changes: wanted.map(({ from, to, suggestion }) => ({ from, to, insert: suggestion.proposed })),
    effects: decided.of(wanted.map(({ suggestion: { id } }) => ({ id, state: "accepted" }))),
    annotations: isolateHistory.of("full"),
    userEvent: "input.suggestion",
  });
}

/** Rejects a suggestion: the text stays. */
export function rejectSuggestion(view: EditorView, id: string): void {
  view.dispatch({
    effects: decided.of([{ id, state: "rejected" }]),
    annotations: isolateHistory.of("full"),
  });
}
