import { Autocomplete } from "@base-ui/react/autocomplete";
import type { BaseUIEvent } from "@base-ui/react/types";
import { keepPreviousData } from "@tanstack/react-query";
import { limits } from "api-worker/contracts/limits";
import type { SearchHit } from "api-worker/contracts/search";
import { Search, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { ignoringComposition } from "../../lib/keyboard.ts";
import { trpc } from "../../lib/trpc.ts";
import { IconButton } from "../../ui/button.tsx";
import { LoadFailure } from "../../ui/load-state.tsx";
import { ModalFrame } from "../../ui/modal.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { HitOption } from "./hit-option.tsx";

/** How long the search waits for the next letter, in ms. */
const debounceMs = 150;

/** How often it searches again while the index is being built, in ms. */
const buildingPollMs = 2_000;

/** Searches titles and messages: a field with a list of hits. Loaded on demand. */
export default function SearchDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const query = useDebounced(text.trim());
  const hits = trpc.chats.search.useQuery(
    { query },
    {
      enabled: query !== "",
      placeholderData: keepPreviousData,
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.isComplete === false ? buildingPollMs : false),
    },
  );
  const items = query === "" ? [] : (hits.data?.items ?? []);
  /** Whether the hits belong to the text in the field. */
  const isCurrent = query === text.trim() && !hits.isPlaceholderData;

  function open({ chatId, messageId }: SearchHit) {
    onClose();
    navigate(messageId === null ? `/chat/${chatId}` : `/chat/${chatId}?message=${messageId}`);
  }

  const onKeyDown = ignoringComposition<BaseUIEvent<KeyboardEvent>>(
    (event) => {
      // Enter must not open a hit for an earlier text.
      if (event.key === "Enter" && !isCurrent) event.preventBaseUIHandler();
    },
    (event) => event.preventBaseUIHandler(),
  );

  return (
    <ModalFrame
      label="Search chats"
      place="top"
      onClose={onClose}
      className="max-w-xl overflow-hidden"
    >
      <Autocomplete.Root
        inline
        open
        items={items}
        filter={null}
        value={text}
        onValueChange={setText}
        autoHighlight="always"
        keepHighlight
      >
        <div className="flex items-center gap-3 border-b border-line ps-4 pe-2">
          <Search aria-hidden="true" className="size-[1.125rem] shrink-0 text-muted" />
          <Autocomplete.Input
            aria-label="Search chats"
            aria-expanded={items.length > 0}
            maxLength={limits.searchQueryMaxLength}
            placeholder="Search titles and messages"
            onKeyDown={onKeyDown}
            className="h-14 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-muted"
          />
          {hits.isFetching && <Spinner />}
          <IconButton label="Close" onClick={onClose}>
            <X aria-hidden="true" className="size-[1.125rem]" />
          </IconButton>
        </div>
        <div className="max-h-[min(28rem,60dvh)] overflow-y-auto overscroll-contain">
          <Autocomplete.List aria-label="Results" className="p-2 empty:hidden">
            {(hit: SearchHit) => (
              <HitOption
                key={`${hit.chatId} ${hit.messageId}`}
                hit={hit}
                onOpen={() => open(hit)}
              />
            )}
          </Autocomplete.List>
          <div role="status" className="text-muted">
            {query === "" && <p className="px-5 py-6">Search by any word or the start of one.</p>}
            {query !== "" && hits.isSuccess && !hits.isPlaceholderData && items.length === 0 && (
              <p className="px-5 py-6 wrap-anywhere">No results for “{query}”.</p>
            )}
            {query !== "" && hits.data?.isComplete === false && (
              <p className="border-t border-line px-5 py-3 text-sm">
                Still indexing your chats. Some results may be missing.
              </p>
            )}
            {query !== "" && hits.isPending && <p className="px-5 py-6">Searching…</p>}
          </div>
          {hits.isError && query !== "" && (
            <LoadFailure
              error={hits.error}
              onRetry={() => void hits.refetch()}
              className="px-5 py-5"
            />
          )}
        </div>
      </Autocomplete.Root>
    </ModalFrame>
  );
}

/** The value once it has been stable for a moment; an empty value applies at once. */
function useDebounced(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === "" ? 0 : debounceMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
