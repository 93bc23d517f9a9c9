import { limits } from "api-worker/contracts/limits";
import { Search } from "lucide-react";
import type { Reader } from "../../../lib/date-groups.ts";
import { LoadingLines, QueryFailure } from "../../../ui/load-state.tsx";
import { Snippet } from "../../search/snippet.tsx";
import { useSearch } from "../../search/use-search.ts";
import { DocumentRow } from "./document-row.tsx";

/** A field for words of documents. Escape empties it. */
export function DocumentSearchField({
  text,
  onChange,
}: {
  text: string;
  onChange: (text: string) => void;
}) {
  return (
    <div className="relative">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 start-3.5 my-auto size-[1.125rem] text-muted"
      />
      <input
        type="search"
        aria-label="Search documents"
        placeholder="Search titles and texts"
        value={text}
        maxLength={limits.searchQueryMaxLength}
        onChange={(event) => onChange(event.target.value)}
        // 16 px: iOS zooms into smaller fields.
        className="h-11 w-full rounded-lg border border-line-strong bg-raised ps-10 pe-3 text-base placeholder:text-muted focus-visible:outline-offset-0"
      />
    </div>
  );
}

/** The documents that have all words of a text, by title first. */
export function FoundDocuments({ text, reader }: { text: string; reader: Reader }) {
  const { query, hits, items } = useSearch(text, {
    only: "documents",
    limit: limits.searchPageMax,
  });
  const isEmpty = hits.isSuccess && !hits.isPlaceholderData && items.length === 0;
  if (hits.isError) {
    return <QueryFailure query={hits} />;
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      {(query === "" || hits.isPending) && (
        <LoadingLines label="Searching documents" widths={[70, 45, 60]} />
      )}
      {items.length > 0 && (
        <ul aria-label="Results" className="divide-y divide-line border-y border-line">
          {items.map(({ document, title, snippet, time }) =>
            document ? (
              <DocumentRow
                key={document.id}
                id={document.id}
                kind={document.kind}
                title={document.isTitle ? <Snippet pieces={snippet} /> : title}
                editedAt={time}
                reader={reader}
              >
                {!document.isTitle && (
                  <span dir="auto" className="my-0.5 line-clamp-2 text-sm wrap-anywhere">
                    <Snippet pieces={snippet} />
                  </span>
                )}
              </DocumentRow>
            ) : null,
          )}
        </ul>
      )}
      <div role="status" className="text-muted empty:hidden">
        {isEmpty && query !== "" && <p className="wrap-anywhere">No documents match “{query}”.</p>}
        {hits.data?.isComplete === false && (
          <p className="text-sm">Still indexing your documents. Some results may be missing.</p>
        )}
        {hits.data?.nextCursor && (
          <p className="text-sm">
            Only the best results are shown. Add a word to narrow them down.
          </p>
        )}
      </div>
    </div>
  );
}
