import { lazy, Suspense } from "react";

const load = () => import("./markdown.tsx");

// Only a page that shows an answer loads the renderer. The server waits for it, so that the page
// arrives complete; the browser keeps the server's HTML until the code has come.
const Markdown = lazy(async () => ({ default: (await load()).Markdown }));

/** Begins to load the renderer, before the first word of an answer is there. */
export function preloadMarkdown(): void {
  // Without it the text stays plain, and the next answer tries again.
  load().catch(() => {});
}

/** Markdown; its paragraphs as plain text until the renderer has come. */
export function LazyMarkdown({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  return (
    <Suspense fallback={<PlainText text={text} />}>
      <Markdown text={text} isStreaming={isStreaming} />
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
