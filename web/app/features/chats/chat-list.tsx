import { useRef } from "react";
import { groupByDate, type Reader } from "../../lib/date-groups.ts";
import { useReader } from "../../lib/use-reader.ts";
import { useWhenNear } from "../../lib/use-when-near.ts";
import { LoadFailure, LoadingLines } from "../../ui/load-state.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useChatList, usePinnedChats } from "./chat-list-query.ts";
import { ChatRow } from "./chat-row.tsx";
import { usePendingDeletions } from "./deletion/pending-deletions.ts";
import { useDeleteChat } from "./deletion/use-delete-chat.ts";
import type { ListedChat } from "./listed-chat.ts";

/** The viewer's chats grouped by date. Older ones load on scrolling. */
export function ChatList({ initialReader }: { initialReader: Reader }) {
  const list = useChatList();
  const reader = useReader(initialReader);
  const navRef = useRef<HTMLElement>(null);
  const hidden = new Set(
    usePendingDeletions().flatMap(({ chat, problem }) => (problem === null ? chat.id : [])),
  );
  const isShown = ({ id }: ListedChat) => !hidden.has(id);
  const pinned = usePinnedChats().filter(isShown);
  const pinnedIds = new Set(pinned.map(({ id }) => id));
  const chats = (list.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (chat) => isShown(chat) && !pinnedIds.has(chat.id),
  );
  const groups = [
    ...(pinned.length > 0 ? [{ label: "Pinned", items: pinned }] : []),
    ...groupByDate(chats, reader),
  ];
  const remove = useDeleteChat();

  return (
    <nav
      ref={navRef}
      aria-label="Chats"
      tabIndex={-1}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-4 outline-none"
    >
      {list.isPending && (
        <LoadingLines label="Loading chats" widths={[72, 54, 86, 61, 78]} className="px-3 pt-4" />
      )}
      {list.isSuccess && groups.length === 0 && (
        <p className="px-3 py-6 text-muted">Your chats will appear here.</p>
      )}
      {groups.map(({ label, items }) => (
        <section key={label} aria-label={label} className="pt-5 first:pt-2">
          <h2 className="px-3 pb-1.5 text-xs font-medium text-muted">{label}</h2>
          <ul className="grid grid-cols-1 gap-px">
            {items.map((chat) => (
              <ChatRow
                key={chat.id}
                chat={chat}
                onDelete={() => {
                  remove(chat);
                  // The focused row is gone.
                  navRef.current?.focus();
                }}
              />
            ))}
          </ul>
        </section>
      ))}
      <ListEnd list={list} scrollRef={navRef} />
    </nav>
  );
}

interface ListEndProps {
  readonly list: ReturnType<typeof useChatList>;
  readonly scrollRef: React.RefObject<HTMLElement | null>;
}

/** Loads the next page when the reader scrolls near it, and shows a failure to load. */
function ListEnd({ list, scrollRef }: ListEndProps) {
  const { hasNextPage, isFetchingNextPage, isError, error, fetchNextPage, refetch, data } = list;
  const endRef = useRef<HTMLDivElement>(null);
  const canLoad = hasNextPage && !isFetchingNextPage && !isError;

  useWhenNear(endRef, {
    scrollerRef: scrollRef,
    withinPx: 400,
    isWanted: canLoad,
    onNear: () => void fetchNextPage(),
  });

  return (
    <div ref={endRef}>
      <div role="status">
        {isFetchingNextPage && (
          <p className="flex items-center gap-2 px-3 py-3 text-muted">
            <Spinner /> Loading older chats
          </p>
        )}
      </div>
      {isError && (
        <LoadFailure
          error={error}
          onRetry={() => void (data ? fetchNextPage() : refetch())}
          className="px-3 py-3"
        />
      )}
    </div>
  );
}
