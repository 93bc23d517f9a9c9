import katex from "katex";
import stylesheet from "katex/dist/katex.min.css?url";

/** A typeset formula, with MathML for screen readers. Invalid TeX is shown as written. */
export function MathFormula({ tex, isDisplay }: { tex: string; isDisplay: boolean }) {
  const html = typeset(tex, isDisplay);
  if (html === undefined) return <code>{tex}</code>;
  return (
    <>
      <link rel="stylesheet" href={stylesheet} precedence="default" />
      <span
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
    });
  } catch {
    return undefined;
  }
}
