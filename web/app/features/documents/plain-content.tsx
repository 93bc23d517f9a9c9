import type { DocumentKind } from "api-worker/contracts/documents";
import { SheetStart } from "./sheet/shown/sheet-start.tsx";

/** More of a text is not shown while its editor loads. */
const plainLength = 20_000;

/** A document's content, until its editor is loaded. */
export function PlainContent({
  kind,
  content,
}: {
  readonly kind: DocumentKind;
  readonly content: string;
}) {
  if (kind === "sheet") return <SheetStart content={content} />;
  return (
    <div className="min-h-0 flex-1 overflow-hidden">
      <p
        dir="auto"
        className="mx-auto w-full max-w-[46rem] px-6 py-6 leading-[1.7] whitespace-pre-wrap"
      >
        {content.slice(0, plainLength)}
      </p>
    </div>
  );
}
