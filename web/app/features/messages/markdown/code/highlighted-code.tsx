import { memo, useRef } from "react";
import { type CodePart, growCode, noCode } from "./growing-code.ts";
import { isKnownLanguage } from "./highlighter.ts";

/** Characters. Longer code is shown without colours. */
const highlightMaxLength = 60_000;

/** Code with highlighted tokens in `hljs-…` classes. An unknown language stays plain. */
export function HighlightedCode({ code, language }: { code: string; language: string }) {
  // A cache, not state: code that grows is not coloured anew.
  const grown = useRef(noCode);
  if (code.length > highlightMaxLength || !isKnownLanguage(language)) return code;
  grown.current = growCode(grown.current, code, language);
  const { finished, rest } = grown.current;
  return (
    <>
      {finished.map((part, index) => (
        <Part key={index} part={part} />
      ))}
      <Part part={rest} />
    </>
  );
}

const Part = memo(function Part({ part: { tokens } }: { part: CodePart }) {
  return tokens.map(({ text, className }, index) =>
    className === undefined ? (
      text
    ) : (
      <span key={index} className={className}>
        {text}
      </span>
    ),
  );
});
