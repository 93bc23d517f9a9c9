import { lazy, Suspense } from "react";

/*
 * What only some messages need is loaded when a message needs it. On the server markdown and
 * highlighting are there from the start, so that a page arrives complete; in the browser the
 * server's HTML stays until the code has come.
 */

const loadMarkdown = () => import("./markdown.tsx");
const loadHighlighter = () => import("./highlighted-code.tsx");

const Markdown = import.meta.env.SSR
  ? (await loadMarkdown()).Markdown
  : lazy(async () => ({ default: (await loadMarkdown()).Markdown }));
const HighlightedCode = import.meta.env.SSR
  ? (await loadHighlighter()).HighlightedCode
  : lazy(async () => ({ default: (await loadHighlighter()).HighlightedCode }));
// Too heavy for the start of the server: the first page with a formula waits for it.
const MathFormula = lazy(async () => ({ default: (await import("./math.tsx")).MathFormula }));

/** Begins to load what an answer will need, before its first word is there. */
export function preloadMarkdown(): void {
  // Without it the text stays plain, and the next message tries again.
  loadMarkdown().catch(() => {});
}

/** Markdown; its paragraphs as plain text until the renderer has come. */
export function LazyMarkdown({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  return (
    <Suspense fallback={<PlainText text={text} />}>
      <Markdown text={text} isStreaming={isStreaming} />
    </Suspense>
  );
}

/** Code in colours; plain until the highlighter has come. */
export function LazyHighlightedCode({ code, language }: { code: string; language: string }) {
  return (
    <Suspense fallback={code}>
      <HighlightedCode code={code} language={language} />
    </Suspense>
  );
}

/** A formula; its source until the typesetter has come. */
export function LazyMath({ tex, isDisplay }: { tex: string; isDisplay: boolean }) {
  return (
    <Suspense fallback={<code>{tex}</code>}>
      <MathFormula tex={tex} isDisplay={isDisplay} />
    </Suspense>
  );
}

function PlainText({ text }: { text: string }) {
  return text.split(/\n{2,}/).map((paragraph, index) => (
    <p key={index} className="whitespace-pre-wrap">
      {paragraph}
    </p>
  ));
}
