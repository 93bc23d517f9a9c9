import { useEffect, useRef } from "react";
import { groupByDate, type Reader } from "../../lib/date-groups.ts";
import { errorText } from "../../lib/error-text.ts";
import { useReader } from "../../lib/use-reader.ts";
import { Button } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useChatList, usePinnedChats } from "./chat-list-query.ts";
import { ChatRow } from "./chat-row.tsx";
import { usePendingDeletions } from "./deletion/pending-deletions.ts";
import { useDeleteChat } from "./deletion/use-delete-chat.ts";
import type { ListedChat } from "./listed-chat.ts";

/** The reader's chats by date; older ones come as one scrolls to them. */
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
      {list.isPending && <LoadingRows />}
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
                  // The row that had the focus is gone.
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

/** Loads the next page when one comes near, and tells when that fails. */
function ListEnd({ list, scrollRef }: ListEndProps) {
  const { hasNextPage, isFetchingNextPage, isError, error, fetchNextPage, refetch, data } = list;
  const endRef = useRef<HTMLDivElement>(null);
  const canLoad = hasNextPage && !isFetchingNextPage && !isError;

  useEffect(() => {
    if (!canLoad || !endRef.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void fetchNextPage();
      },
      { root: scrollRef.current, rootMargin: "400px" },
    );
    observer.observe(endRef.current);
    return () => observer.disconnect();
  }, [canLoad, fetchNextPage, scrollRef]);

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
        <div role="alert" className="grid justify-items-start gap-2 px-3 py-3">
          <p className="text-muted">{errorText(error)}</p>
          <Button onClick={() => void (data ? fetchNextPage() : refetch())}>Try again</Button>
        </div>
      )}
    </div>
  );
}

function LoadingRows() {
  return (
    <div role="status" className="grid gap-3 px-3 pt-4">
      <span className="sr-only">Loading chats</span>
      {["72%", "54%", "86%", "61%", "78%"].map((width) => (
        <div key={width} className="h-4 animate-pulse rounded bg-hover" style={{ width }} />
      ))}
    </div>
  );
}
