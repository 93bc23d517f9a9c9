import { lazy, Suspense } from "react";
import { Served } from "../served.tsx";

// The typesetter is loaded only for an answer with a formula.
const MathFormula = lazy(async () => ({ default: (await import("./math.tsx")).MathFormula }));

/** A formula; its source until the typesetter is loaded. */
export function LazyMath({ tex, isDisplay }: { tex: string; isDisplay: boolean }) {
  return (
    <Served as="span" source={tex}>
      <Suspense fallback={<code>{tex}</code>}>
        <MathFormula tex={tex} isDisplay={isDisplay} />
      </Suspense>
    </Served>
  );
}
