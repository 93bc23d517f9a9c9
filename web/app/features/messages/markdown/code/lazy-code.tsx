import { lazy, Suspense } from "react";
import { Served } from "../served.tsx";

// The highlighter is loaded only for an answer with code.
const HighlightedCode = lazy(async () => ({
  default: (await import("./highlighted-code.tsx")).HighlightedCode,
}));

/** Highlighted code; plain until the highlighter is loaded. */
export function LazyHighlightedCode({ code, language }: { code: string; language: string }) {
  return (
    <Served as="code" source={code}>
      <Suspense fallback={code}>
        <HighlightedCode code={code} language={language} />
      </Suspense>
    </Served>
  );
}
