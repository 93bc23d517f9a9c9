import katex from "katex";
import stylesheet from "katex/dist/katex.min.css?url";
import { FormulaSource } from "./formula-source.tsx";

interface MathFormulaProps {
  readonly tex: string;
  readonly source: string;
  readonly isDisplay: boolean;
}

/** A typeset formula, with MathML for screen readers. Invalid TeX is shown as written. */
export function MathFormula({ tex, source, isDisplay }: MathFormulaProps) {
  const html = typeset(tex, isDisplay);
  if (html === undefined) return <FormulaSource source={source} />;
  return (
    <>
      <link rel="stylesheet" href={stylesheet} precedence="default" />
      <span
        dir="ltr"
        className={isDisplay ? "md-math" : undefined}
        // Made by KaTeX, which escapes; `trust` is off
        dangerouslySetInnerHTML={{ __html: html }}
      />
    </>
  );
}

function typeset(tex: string, displayMode: boolean): string | undefined {
  try {
    // Without `trust` no command can make a link, load an image or set HTML attributes.
    return katex.renderToString(tex, {
      displayMode,
      throwOnError: true,
      trust: false,
      maxExpand: 500,
      // In em. A rule or a blank of any size would cover the page.
      maxSize: 20,
      strict: false,
    });
  } catch {
    return undefined;
  }
}
