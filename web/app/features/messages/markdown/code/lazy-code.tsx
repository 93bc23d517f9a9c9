import { Suspense, useDeferredValue, useState } from "react";
import { lazyPart } from "../../../../lib/new-version.ts";
import { useIsBrowser } from "../../../../lib/use-is-browser.ts";
import { Served } from "../served.tsx";

// The highlighter is loaded only for an answer with code.
const HighlightedCode = lazyPart(async () => ({
  default: (await import("./highlighted-code.tsx")).HighlightedCode,
}));

/** The server leaves longer code plain, because code can be made to be slow to colour. */
const servedMaxLength = 2_000;

/** Highlighted code; plain until the highlighter is loaded. */
export function LazyHighlightedCode({ code, language }: { code: string; language: string }) {
  const isBrowser = useIsBrowser();
  const isColoured = useDeferredValue(isBrowser);
  const [isLate] = useState(!isBrowser && code.length > servedMaxLength);
  if (isLate) {
    return (
      <code>
        {isColoured ? (
          <Suspense fallback={code}>
            <HighlightedCode code={code} language={language} />
          </Suspense>
        ) : (
          code
        )}
      </code>
    );
  }
  return (
    <Served as="code" source={code}>
      <Suspense fallback={code}>
        <HighlightedCode code={code} language={language} />
      </Suspense>
    </Served>
  );
}
