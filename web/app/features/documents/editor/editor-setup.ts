import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { markdown, markdownLanguage } from "@codemirror/lang-markdown";
import { bracketMatching, indentOnInput, LanguageDescription } from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { DocumentKind } from "api-worker/contracts/documents";
import { boundedParagraphs } from "./bounded-paragraphs.ts";
import { codeTheme } from "./code-theme.ts";

/** What the editor of a document needs to know of it. */
export interface EditorKind {
  readonly kind: DocumentKind;
  /** The language of code. */
  readonly language: string | null;
  /** Tells the language by its extension, as in `sort.py`, when there is no `language`. */
  readonly title: string;
}

// Without the carriage return, which would be drawn as a dot at the end of each line.
const specialChars =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is made visible.
  /[\0-\b\v\f\x0E-\x1F\x7F-\x9F\xAD\u061C\u200B\u200E\u200F\u2028\u2029\u202D\u202E\u2066\u2067\u2069\uFEFF\uFFF9-\uFFFC]/g;

const languageSlot = new Compartment();

/** The extensions that a document's editor and its comparison share. */
export function baseExtensions(kind: DocumentKind): Extension {
  return [
    // Only this ends a line. Others stay in the text as they are, so that opening a document and
    // saving it changes no byte.
    EditorState.lineSeparator.of("\n"),
    highlightSpecialChars({ specialChars }),
    drawSelection(),
    codeTheme,
    kind === "text"
      ? [
          EditorView.lineWrapping,
          EditorView.editorAttributes.of({ class: "document-text" }),
          EditorView.contentAttributes.of({ spellcheck: "true", autocorrect: "on" }),
          EditorView.perLineTextDirection.of(true),
          markdown({
            base: markdownLanguage,
            codeLanguages: languages,
            extensions: boundedParagraphs,
          }),
        ]
      : [lineNumbers(), bracketMatching(), languageSlot.of([])],
  ];
}

/** The extensions of an editor that a person writes in. */
export function editingExtensions(kind: DocumentKind): Extension {
  return [
    baseExtensions(kind),
    history(),
    search({ top: true }),
    highlightSelectionMatches(),
    indentOnInput(),
    keymap.of([
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
      // Escape and then Tab leaves the editor.
      ...(kind === "code" ? [indentWithTab] : []),
    ]),
  ];
}

/** Loads the language of a code document and colours it. Without a known one it stays plain. */
export async function loadLanguage(view: EditorView, { kind, language, title }: EditorKind) {
  if (kind !== "code") return;
  const found =
    language === null
      ? LanguageDescription.matchFilename(languages, title)
      : (LanguageDescription.matchLanguageName(languages, language, true) ??
        LanguageDescription.matchFilename(languages, `.${language}`));
  const support = await found?.load().catch(() => undefined);
  view.dispatch({ effects: languageSlot.reconfigure(support ?? []) });
}
