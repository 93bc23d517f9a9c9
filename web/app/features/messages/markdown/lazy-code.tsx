import { lazy, Suspense } from "react";

// Only an answer with code loads the highlighter.
const HighlightedCode = lazy(async () => ({
  default: (await import("./highlighted-code.tsx")).HighlightedCode,
}));

/** Code in colours; plain until the highlighter has come. */
export function LazyHighlightedCode({ code, language }: { code: string; language: string }) {
  return (
    <Suspense fallback={code}>
      <HighlightedCode code={code} language={language} />
    </Suspense>
  );
}
