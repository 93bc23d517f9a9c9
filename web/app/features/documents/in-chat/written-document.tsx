import "../../messages/markdown/markdown.css";
import type { DocumentKind } from "api-worker/contracts/documents";
import { useLayoutEffect, useRef } from "react";
import { LazyMarkdown } from "../../messages/markdown/lazy-markdown.tsx";
import { SheetGrowing } from "../sheet/shown/sheet-growing.tsx";

interface WrittenDocumentProps {
  readonly kind: DocumentKind;
  readonly text: string;
  readonly isWriting: boolean;
}

/** Of code that is being written, only the last characters are shown: all of it when it is saved. */
const shownCode = 40_000;
/** A reader this near to the end follows it, in px. */
const nearPx = 48;

/** A document while the model writes it. The view follows the end, until its reader scrolls up. */
export function WrittenDocument({ kind, text, isWriting }: WrittenDocumentProps) {
  const ref = useRef<HTMLElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element && follows.current && isWriting) element.scrollTop = element.scrollHeight;
  }, [text, isWriting]);
  return (
    <section
      ref={ref}
      aria-label="Content"
      aria-busy={isWriting}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls it.
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < nearPx;
      }}
      className="h-full overflow-auto outline-offset-[-2px]"
    >
      {kind === "image" ? (
        <div className="mx-auto w-full max-w-3xl px-6 py-6">
          <div className="aspect-4/3 w-full animate-pulse rounded-xl border border-line bg-surface motion-reduce:animate-none" />
        </div>
      ) : kind === "text" ? (
        <div dir="auto" className="md mx-auto w-full max-w-3xl px-6 py-6">
          <LazyMarkdown text={text} isStreaming={isWriting} />
        </div>
      ) : kind === "sheet" ? (
        <SheetGrowing text={text} />
      ) : (
        <pre className="px-6 py-5 font-mono text-[0.8125rem] leading-relaxed whitespace-pre-wrap">
          {text.slice(-shownCode)}
        </pre>
      )}
    </section>
  );
}
