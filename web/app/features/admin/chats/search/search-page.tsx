import type { SearchHit } from "api-worker/contracts/search";
import { useState } from "react";
import type { Reader } from "../../../../lib/date-groups.ts";
import { timeText } from "../../../../lib/date-text.ts";
import { trpc } from "../../../../lib/trpc.ts";
import { useReader } from "../../../../lib/use-reader.ts";
import { Button } from "../../../../ui/button.tsx";
import { kindNames } from "../../../../ui/document-kinds.ts";
import { PagedList } from "../../../../ui/paged-list.tsx";
import { Snippet } from "../../../search/snippet.tsx";
import { BackLink } from "../../frame/back-link.tsx";
import { PageHeader } from "../../frame/page-header.tsx";
import { nameOf } from "../../users/user-name.tsx";
import { OpenChatDialog } from "../open-chat-dialog.tsx";

interface SearchPageProps {
  readonly accessId: string;
  readonly initialReader: Reader;
}

/** What an administrator's search of one person's chats and documents finds. */
export function SearchPage({ accessId, initialReader }: SearchPageProps) {
  const reader = useReader(initialReader);
  const [toOpen, setToOpen] = useState<SearchHit | null>(null);
  const list = trpc.admin.chats.search.useInfiniteQuery(
    { accessId },
    { getNextPageParam: ({ nextCursor }) => nextCursor, staleTime: 60_000 },
  );
  // The page's loader has fetched it.
  const first = list.data?.pages[0];
  if (!first) return null;
  const { owner, query, reason, endsAt } = first;
  return (
    <>
      <div>
        <BackLink to={`/admin/users/${owner.id}`}>{nameOf(owner)}</BackLink>
        <PageHeader title={`Search for “${query}”`}>
          {`In the chats and documents of ${nameOf(owner)}, for the reason “${reason ?? ""}”. You can read the results until ${timeText(endsAt, reader)}.`}
        </PageHeader>
      </div>
      {!first.isComplete && (
        <p role="status" className="text-muted">
          These chats are still being indexed. Older ones may be missing.
        </p>
      )}
      <PagedList query={list} label="Loading results" empty="Nothing was found.">
        {(hits) => (
          <ul className="divide-y divide-line border-y border-line">
            {hits.map((hit) => (
              <Hit key={keyOf(hit)} {...{ hit, reader }} onOpen={() => setToOpen(hit)} />
            ))}
          </ul>
        )}
      </PagedList>
      {toOpen?.chatId != null && (
        <OpenChatDialog
          chat={{ owner, id: toOpen.chatId }}
          {...(toOpen.messageId !== null && { messageId: toOpen.messageId })}
          onClose={() => setToOpen(null)}
        />
      )}
    </>
  );
}

const keyOf = ({ chatId, messageId, document }: SearchHit) =>
  `${document?.id ?? ""} ${document?.isTitle ?? ""} ${messageId ?? ""} ${chatId ?? ""}`;

interface HitProps {
  readonly hit: SearchHit;
  readonly reader: Reader;
  readonly onOpen: () => void;
}

function Hit({ hit, reader, onOpen }: HitProps) {
  const { chatId, title, document, messageId, role, snippet, time } = hit;
  const isTitle = document ? document.isTitle : messageId === null;
  const kind = document ? kindNames[document.kind] : role === "user" ? "Question" : "Answer";
  return (
    <li className="flex items-start gap-4 py-3 text-sm">
      <div className="min-w-0 flex-1">
        <h2 dir="auto" className="font-medium wrap-anywhere">
          {isTitle ? <Snippet pieces={snippet} /> : title}
        </h2>
        {!isTitle && (
          <p dir="auto" className="mt-1 wrap-anywhere">
            <Snippet pieces={snippet} />
          </p>
        )}
        <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-muted">
          <span>{isTitle && !document ? "Title of a chat" : kind}</span>
          <span>{timeText(time, reader)}</span>
        </p>
      </div>
      {chatId !== null && (
        <Button isSmall onClick={onOpen} aria-label={`Open ${title}, ${timeText(time, reader)}`}>
          Open
        </Button>
      )}
    </li>
  );
}
