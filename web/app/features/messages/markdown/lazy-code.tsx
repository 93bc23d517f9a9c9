import { lazy, Suspense } from "react";

const load = () => import("./highlighted-code.tsx");

// Only an answer with code loads the highlighter; on the server it is there from the start.
const HighlightedCode = import.meta.env.SSR
  ? (await load()).HighlightedCode
  : lazy(async () => ({ default: (await load()).HighlightedCode }));

/** Code in colours; plain until the highlighter has come. */
export function LazyHighlightedCode({ code, language }: { code: string; language: string }) {
  return (
    <Suspense fallback={code}>
      <HighlightedCode code={code} language={language} />
    </Suspense>
  );
}
