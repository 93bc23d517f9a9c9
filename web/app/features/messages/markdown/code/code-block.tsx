import { CopyButton } from "../../../../ui/copy-button.tsx";
import { LazyHighlightedCode } from "./lazy-code.tsx";

/**
 * A block of code with its language and a copy button.
 *
 * @param info the text after the opening fence; its first word is the language
 */
export function CodeBlock({ code, info, isOpen }: { code: string; info: string; isOpen: boolean }) {
  const [name = "", ...rest] = info.trim().split(/\s+/);
  const language = name.toLowerCase();
  return (
    <figure className="md-code" dir="ltr">
      <figcaption>
        <span>{[language || "text", ...rest].join(" ")}</span>
        {!isOpen && <CopyButton text={code} label="Copy code" />}
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable */}
      <pre tabIndex={0}>
        {language ? <LazyHighlightedCode code={code} language={language} /> : <code>{code}</code>}
      </pre>
    </figure>
  );
}
