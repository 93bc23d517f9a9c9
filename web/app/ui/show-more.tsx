import type { RefObject } from "react";
import { errorText } from "../lib/error-text.ts";
import { Alert } from "./alert.tsx";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";

/** The parts of an infinite query that its next page needs. */
export interface PagedState {
  readonly error: unknown;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly fetchNextPage: () => Promise<{ readonly hasNextPage: boolean }>;
}

interface ShowMoreProps {
  readonly query: PagedState;
  /** Takes the focus when the last page takes the button away. */
  readonly endRef: RefObject<HTMLElement | null>;
  readonly className?: string;
}

/** The button below a list that loads its next page, with why the last try failed. */
export function ShowMore({ query, endRef, className }: ShowMoreProps) {
  if (!query.hasNextPage) return null;
  const show = async () => {
    const { hasNextPage } = await query.fetchNextPage();
    if (!hasNextPage) endRef.current?.focus({ preventScroll: true });
  };
  return (
    <div className={classNames("grid justify-items-center", className)}>
      <Alert>{query.isFetchNextPageError ? errorText(query.error) : null}</Alert>
      <Button onClick={() => void show()} isPending={query.isFetchingNextPage}>
        Show more
      </Button>
    </div>
  );
}
