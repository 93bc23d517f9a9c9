/**
 * Suggestions while their text is edited, undone and replaced.
 *
 * `VITE_RANDOM_SEED` sets the first seed, `VITE_RANDOM_RUNS` the number of runs.
 */
import { history, redo, undo } from "@codemirror/commands";
import { EditorState, type TransactionSpec } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { SuggestionOutput } from "api-worker/contracts/suggestions";
import { expect, test } from "vitest";
import { Dice } from "../../../../e2e/support/dice.ts";
import { replaceAll } from "../editor/replace-all.ts";
import { findPlace } from "./anchor.ts";
import {
  acceptSuggestions,
  listSuggestions,
  openSuggestions,
  rejectSuggestion,
  suggestionMarks,
} from "./suggestion-marks.ts";

const firstSeed = Number(import.meta.env.VITE_RANDOM_SEED ?? Date.now() % 1_000_000_000);
const runs = Number(import.meta.env.VITE_RANDOM_RUNS ?? 200);
const stepsOfRun = 40;

/** An editor's state without its view, which these functions use for its state alone. */
class Editor {
  state: EditorState;
  constructor(doc: string, suggestions: readonly SuggestionOutput[]) {
    this.state = EditorState.create({ doc, extensions: [history(), suggestionMarks] });
    listSuggestions(this.view, suggestions);
  }
  get view(): EditorView {
    return this as unknown as EditorView;
  }
  dispatch(...specs: TransactionSpec[]): void {
    this.state = this.state.update(...specs).state;
  }
  get text(): string {
    return this.state.doc.toString();
  }
  /** The open suggestions: their ids, with the text at their places if that is theirs. */
  get open(): string[] {
    return openSuggestions(this.state).map(({ suggestion: { id }, from, to, isFitting }) =>
      isFitting ? `${id}: ${this.text.slice(from, to)}` : `${id} is gone`,
    );
  }
  replace(from: number, to: number, insert: string): void {
    this.dispatch({ changes: { from, to, insert } });
  }
  undo(): boolean {
    return undo({ state: this.state, dispatch: (one) => (this.state = one.state) });
  }
  redo(): boolean {
    return redo({ state: this.state, dispatch: (one) => (this.state = one.state) });
  }
}

const suggest = (content: string, original: string, proposed: string): SuggestionOutput => ({
  ...{ id: original, version: 1, original, start: content.indexOf(original) },
  ...{ proposed, reason: "" },
});

const content = "one two three four";
const open = () =>
  new Editor(content, [suggest(content, "two", "2"), suggest(content, "four", "4")]);

test("a suggestion moves with its text", () => {
  const editor = open();
  editor.replace(0, 3, "number one");
  editor.replace(editor.text.length, editor.text.length, "teen");
  expect(editor.open).toEqual(["two: two", "four: four"]);
});

test("a text that is edited away takes its suggestion along, until it is put back", () => {
  const editor = open();
  editor.replace(5, 6, "");
  expect(editor.open).toEqual(["two is gone", "four: four"]);
  editor.undo();
  expect(editor.open).toEqual(["two: two", "four: four"]);
  editor.replace(0, content.length, "");
  expect(editor.open).toEqual(["two is gone", "four is gone"]);
  editor.undo();
  expect(editor.open).toEqual(["two: two", "four: four"]);
});

test("another copy of a text that was edited away is not taken for it", () => {
  const editor = open();
  editor.replace(content.length, content.length, " and a two");
  editor.replace(5, 6, "");
  expect(editor.open).toEqual(["two is gone", "four: four"]);
});

test("accepting changes the text, and undoing it opens the suggestion again", () => {
  const editor = open();
  acceptSuggestions(editor.view, ["two"]);
  expect([editor.text, editor.open]).toEqual(["one 2 three four", ["four: four"]]);
  editor.undo();
  expect([editor.text, editor.open]).toEqual([content, ["two: two", "four: four"]]);
  editor.redo();
  expect([editor.text, editor.open]).toEqual(["one 2 three four", ["four: four"]]);
});

test("all are accepted as one edit, without those that are gone", () => {
  const editor = open();
  editor.replace(4, 7, "TWO");
  acceptSuggestions(editor.view, ["two", "four"]);
  expect([editor.text, editor.open]).toEqual(["one TWO three 4", ["two is gone"]]);
  editor.undo();
  editor.undo();
  acceptSuggestions(editor.view, ["two", "four"]);
  expect([editor.text, editor.open]).toEqual(["one 2 three 4", []]);
  editor.undo();
  expect([editor.text, editor.open]).toEqual([content, ["two: two", "four: four"]]);
});

test("rejecting leaves the text, and can be undone", () => {
  const editor = open();
  rejectSuggestion(editor.view, "two");
  expect([editor.text, editor.open]).toEqual([content, ["four: four"]]);
  editor.undo();
  expect(editor.open).toEqual(["two: two", "four: four"]);
});

test("a list without a suggestion removes it, unless it was decided here", () => {
  const editor = open();
  acceptSuggestions(editor.view, ["two"]);
  listSuggestions(editor.view, []);
  expect(editor.open).toEqual([]);
  editor.undo();
  expect(editor.open).toEqual(["two: two"]);
});

test("another text is searched for the suggestions that were torn", () => {
  const editor = open();
  replaceAll(editor.view, `two before${"\n".repeat(3_000)}one three`);
  expect(editor.open).toEqual(["two: two", "four is gone"]);
});

test.each([
  ["once, wherever", `${"x".repeat(5_000)}two`, 4, 5_000],
  ["once near, and once far away", `one two ${"x".repeat(5_000)}two`, 5, 4],
  ["twice near", "one two two", 4, null],
  ["nowhere", "one", 4, null],
  ["once, behind an end that moved", "two", 900, 0],
])("a text that is there %s", (_, text, expected, from) => {
  expect(findPlace(text, "two", expected)?.from ?? null).toBe(from);
});

const letters = "ab c\n";

/** A text of a few letters, and suggestions for parts that are in it once. */
function randomDocument(dice: Dice) {
  const text = Array.from(
    { length: dice.between(20, 120) },
    () => letters[dice.between(0, letters.length - 1)] ?? "",
  ).join("");
  const originals = new Set<string>();
  for (let tries = 0; tries < 8; tries += 1) {
    const at = dice.between(0, text.length - 4);
    const original = text.slice(at, at + dice.between(2, 10));
    const isOnce = text.indexOf(original) === text.lastIndexOf(original);
    if (isOnce && original !== "") originals.add(original);
  }
  return { text, suggestions: [...originals].map((one) => suggest(text, one, "")) };
}

test.each(Array.from({ length: runs }, (_, run) => firstSeed + run))(
  "after random edits every suggestion is at its text or says that it is gone (seed %i)",
  (seed) => {
    const dice = new Dice(seed);
    const { text, suggestions } = randomDocument(dice);
    const editor = new Editor(text, suggestions);
    // Each letter with a number of its own, so that copies can be told apart.
    let numbers = Array.from(text, (_, index) => index);
    let last = text.length;
    // A copy may have taken the place of one that was torn, and keeps it when the torn one heals.
    const torn = new Set<string>();
    for (let step = 0; step < stepsOfRun; step += 1) {
      const from = dice.between(0, editor.text.length);
      const to = Math.min(editor.text.length, from + dice.pick([0, 0, 0, 1, 2, 8]));
      const copied = suggestions[dice.between(0, suggestions.length)]?.original ?? "";
      const insert = dice.pick(["", "a", "b c", "\n", copied]);
      editor.replace(from, to, insert);
      numbers = [
        ...numbers.slice(0, from),
        ...Array.from(insert, () => (last += 1)),
        ...numbers.slice(to),
      ];
      for (const placed of openSuggestions(editor.state)) {
        const { id, original, start } = placed.suggestion;
        const isThere = editor.text.slice(placed.from, placed.to) === original;
        expect(placed.isFitting).toBe(isThere);
        // What no edit has torn stays at its own letters, however many copies there are.
        const own = numbers.indexOf(start);
        const isWhole =
          own !== -1 && [...original].every((_, index) => numbers[own + index] === start + index);
        if (!isWhole) torn.add(id);
        if (!torn.has(id)) expect([placed.isFitting, placed.from]).toEqual([true, own]);
      }
    }
  },
);

test.each(Array.from({ length: runs }, (_, run) => firstSeed + run))(
  "undoing everything brings every suggestion back to its place (seed %i)",
  (seed) => {
    const dice = new Dice(seed);
    const { text, suggestions } = randomDocument(dice);
    const editor = new Editor(text, suggestions);
    const before = openSuggestions(editor.state).map(({ suggestion, from }) => [
      suggestion.id,
      from,
    ]);
    for (let step = 0; step < stepsOfRun; step += 1) {
      const ids = openSuggestions(editor.state).map(({ suggestion }) => suggestion.id);
      const kind = dice.between(0, 9);
      if (kind === 0 && ids.length > 0)
        acceptSuggestions(editor.view, [ids[dice.between(0, ids.length - 1)] ?? ""]);
      else if (kind === 1 && ids.length > 0)
        rejectSuggestion(editor.view, ids[dice.between(0, ids.length - 1)] ?? "");
      else if (kind === 2) acceptSuggestions(editor.view, ids);
      else if (kind === 3) editor.undo();
      else if (kind === 4) editor.redo();
      else if (kind === 5) replaceAll(editor.view, editor.text.slice(dice.between(0, 9)));
      else {
        const from = dice.between(0, editor.text.length);
        editor.replace(from, Math.min(editor.text.length, from + dice.between(0, 6)), "ab");
      }
    }
    while (editor.undo());
    expect(editor.text).toBe(text);
    const after = openSuggestions(editor.state);
    expect(after.every(({ isFitting }) => isFitting)).toBe(true);
    expect(after.map(({ suggestion, from }) => [suggestion.id, from])).toEqual(before);
  },
);
