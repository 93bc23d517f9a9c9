import { lazy, Suspense } from "react";
import { Served } from "../served.tsx";

// Only an answer with code loads the highlighter.
const HighlightedCode = lazy(async () => ({
  default: (await import("./highlighted-code.tsx")).HighlightedCode,
}));

/** A `code` element in colours; plain until the highlighter has come. */
export function LazyHighlightedCode({ code, language }: { code: string; language: string }) {
  return (
    <Served as="code" source={code}>
      <Suspense fallback={code}>
        <HighlightedCode code={code} language={language} />
      </Suspense>
    </Served>
  );
}
