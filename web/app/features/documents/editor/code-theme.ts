import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The app's colours for the editor, in both schemes. */
const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--canvas)", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--font-mono, ui-monospace, monospace)",
    fontSize: "0.875rem",
    lineHeight: "1.6",
  },
  "&.document-text .cm-scroller": { fontFamily: "inherit", fontSize: "1rem", lineHeight: "1.7" },
  ".cm-content": { padding: "1.5rem 0 40vh", caretColor: "var(--ink)" },
  "&.document-text .cm-content": { maxWidth: "46rem", margin: "0 auto" },
  ".cm-line": { padding: "0 1.5rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--accent-soft)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  ".cm-gutters": {
    backgroundColor: "var(--canvas)",
    color: "var(--muted)",
    border: "none",
    paddingInlineStart: "0.5rem",
  },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-panels": { backgroundColor: "var(--surface)", color: "var(--ink)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-searchMatch": { backgroundColor: "var(--accent-soft)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--selected)",
  },
  ".cm-suggestion": {
    backgroundColor: "var(--accent-soft)",
    textDecoration: "underline 2px var(--accent)",
    textUnderlineOffset: "0.25em",
  },
  ".cm-suggestion-pointed": { backgroundColor: "var(--selected)" },
  "&.has-margin .cm-scroller": { paddingInlineEnd: "21rem" },
  ".suggestion-margin": {
    ...{ position: "absolute", top: "0", width: "19rem" },
    // Its cards are not code, also beside code.
    fontFamily: "var(--font-sans, system-ui, sans-serif)",
  },
  ".suggestion-margin li": { position: "absolute", width: "100%" },
  ".cm-insertedLine, &.cm-merge-b .cm-changedLine": { backgroundColor: "var(--accent-soft)" },
  ".cm-collapsedLines": {
    margin: "0.25rem 0",
    padding: "0.25rem 1.5rem",
    color: "var(--muted)",
    background: "var(--surface)",
  },
  // The sign of the library's own theme is missing in many fonts.
  ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: '"⋯"' },
  ".cm-deletedChunk": { backgroundColor: "var(--danger-soft)" },
});

const colors = HighlightStyle.define([
  { tag: tags.heading1, fontWeight: "700", fontSize: "1.5em" },
  { tag: tags.heading2, fontWeight: "700", fontSize: "1.25em" },
  { tag: tags.heading, fontWeight: "700" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: [tags.link, tags.url], color: "var(--accent)", textDecoration: "underline" },
  { tag: tags.monospace, fontFamily: "var(--font-mono, ui-monospace, monospace)" },
  { tag: [tags.processingInstruction, tags.contentSeparator], color: "var(--muted)" },
  { tag: [tags.comment, tags.quote], color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--chart-4)" },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--chart-1)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--chart-2)" },
  { tag: [tags.function(tags.variableName), tags.className], color: "var(--chart-3)" },
  { tag: [tags.typeName, tags.propertyName, tags.tagName], color: "var(--chart-3)" },
  { tag: tags.meta, color: "var(--muted)" },
  { tag: tags.invalid, color: "var(--danger)" },
]);

export const codeTheme = [theme, syntaxHighlighting(colors)];
