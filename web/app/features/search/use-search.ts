import { keepPreviousData } from "@tanstack/react-query";
import { trpc } from "../../lib/trpc.ts";
import { useDebounced } from "../../lib/use-debounced.ts";

/** How often it searches again while the index is being built, in ms. */
const buildingPollMs = 2_000;

/** Searches for a text while it is typed. @param input what the query is bounded by */
export function useSearch(text: string, input: { only?: "documents"; limit?: number } = {}) {
  const query = useDebounced(text.trim());
  const hits = trpc.chats.search.useQuery(
    { query, ...input },
    {
      enabled: query !== "",
      placeholderData: keepPreviousData,
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.isComplete === false ? buildingPollMs : false),
    },
  );
  return {
    query,
    hits,
    items: query === "" ? [] : (hits.data?.items ?? []),
    /** Whether the hits belong to the text in the field. */
    isCurrent: query === text.trim() && !hits.isPlaceholderData,
  };
}
