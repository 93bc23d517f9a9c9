import { Suspense } from "react";
import { lazyPart } from "../../../../lib/new-version.ts";
import { Served } from "../served.tsx";
import { FormulaSource } from "./formula-source.tsx";

// The typesetter is loaded only for an answer with a formula.
const MathFormula = lazyPart(async () => ({ default: (await import("./math.tsx")).MathFormula }));

interface LazyMathProps {
  readonly tex: string;
  /** The formula as it was written, with its delimiters. */
  readonly source: string;
  readonly isDisplay: boolean;
}

/** A formula; its source until the typesetter is loaded. */
export function LazyMath({ tex, source, isDisplay }: LazyMathProps) {
  return (
    <Served as="span" source={tex}>
      <Suspense fallback={<FormulaSource source={source} />}>
        <MathFormula tex={tex} source={source} isDisplay={isDisplay} />
      </Suspense>
    </Served>
  );
}
