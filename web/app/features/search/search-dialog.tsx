import { Autocomplete } from "@base-ui/react/autocomplete";
import type { BaseUIEvent } from "@base-ui/react/types";
import { limits } from "api-worker/contracts/limits";
import type { SearchHit } from "api-worker/contracts/search";
import { Search, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useNavigate } from "react-router";
import { ignoringComposition } from "../../lib/keyboard.ts";
import { IconButton } from "../../ui/button.tsx";
import { LoadFailure } from "../../ui/load-state.tsx";
import { ModalFrame } from "../../ui/modal.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { HitOption } from "./hit-option.tsx";
import { useSearch } from "./use-search.ts";

/** Searches chats and documents: a field with a list of hits. Loaded on demand. */
export default function SearchDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const { query, hits, items, isCurrent } = useSearch(text);

  function open({ chatId, document, messageId }: SearchHit) {
    onClose();
    if (document) navigate(`/documents/${document.id}`);
    else navigate(messageId === null ? `/chat/${chatId}` : `/chat/${chatId}?message=${messageId}`);
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
      label="Search chats and documents"
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
            aria-label="Search chats and documents"
            aria-expanded={items.length > 0}
            maxLength={limits.searchQueryMaxLength}
            placeholder="Search chats and documents"
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
                key={`${hit.document?.id ?? hit.chatId} ${hit.messageId}`}
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
                Still indexing your chats and documents. Some results may be missing.
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
