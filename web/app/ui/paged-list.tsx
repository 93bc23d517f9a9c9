import { type ReactNode, useRef } from "react";
import { classNames } from "./class-names.ts";
import { LoadingLines, QueryFailure } from "./load-state.tsx";
import { type PagedState, ShowMore } from "./show-more.tsx";

/** The parts of an infinite query that a list shows. */
interface PagedQuery<Item> extends PagedState {
  readonly data: { readonly pages: readonly { readonly items: readonly Item[] }[] } | undefined;
  readonly isPending: boolean;
  readonly isFetching: boolean;
  readonly isPlaceholderData: boolean;
  readonly refetch: () => unknown;
}

interface PagedListProps<Item> {
  readonly query: PagedQuery<Item>;
  /** What the list loads, for screen readers. */
  readonly label: string;
  /** Shown in place of an empty list. */
  readonly empty: ReactNode;
  readonly children: (items: readonly Item[]) => ReactNode;
}

/** A list that loads page by page: its loading, its failure, its emptiness, and what comes next. */
export function PagedList<Item>({ query, label, empty, children }: PagedListProps<Item>) {
  const listRef = useRef<HTMLDivElement>(null);
  if (query.isPending) return <LoadingLines label={label} widths={[70, 45, 60]} />;
  if (!query.data) {
    return <QueryFailure query={query} />;
  }
  const items = query.data.pages.flatMap((page) => page.items);
  return (
    <div>
      <div
        ref={listRef}
        tabIndex={-1}
        aria-busy={query.isPlaceholderData}
        className={classNames("outline-none", query.isPlaceholderData && "opacity-60")}
      >
        {items.length === 0 ? (
          <p className="py-2 text-muted text-pretty">{empty}</p>
        ) : (
          children(items)
        )}
      </div>
      <ShowMore query={query} endRef={listRef} className="mt-5" />
    </div>
  );
}
