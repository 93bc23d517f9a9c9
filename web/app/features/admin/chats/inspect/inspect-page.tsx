import type { InspectOutput } from "api-worker/contracts/admin-chats";
import { Link } from "react-router";
import { byteText } from "../../../../lib/byte-text.ts";
import type { Reader } from "../../../../lib/date-groups.ts";
import { timeText } from "../../../../lib/date-text.ts";
import { trpc } from "../../../../lib/trpc.ts";
import { useReader } from "../../../../lib/use-reader.ts";
import { PagedList } from "../../../../ui/paged-list.tsx";
import { BackLink } from "../../frame/back-link.tsx";
import { PageHeader } from "../../frame/page-header.tsx";
import { nameOf } from "../../users/user-name.tsx";
import { InspectedMessage } from "./inspected-message.tsx";

interface InspectPageProps {
  readonly accessId: string;
  /** The message that the list begins with; null for the first of the chat. */
  readonly from: string | null;
  readonly initialReader: Reader;
}

/** A chat that an administrator has opened: all its branches, read-only. */
export function InspectPage({ accessId, from, initialReader }: InspectPageProps) {
  const reader = useReader(initialReader);
  const { data: inspected } = trpc.admin.chats.inspect.useQuery({ accessId });
  const messages = trpc.admin.chats.messages.useInfiniteQuery(
    { accessId, ...(from !== null && { from }) },
    { getNextPageParam: ({ nextCursor }) => nextCursor, staleTime: 3_000 },
  );
  // The page's loader has fetched it.
  if (!inspected) return null;
  const { chat, reason, endsAt, currentMessageId } = inspected;
  return (
    <>
      <div>
        <BackLink to="/admin/chats">Chats</BackLink>
        <PageHeader title={chat.title ?? "Chat"}>
          {`Chat of ${nameOf(chat.owner)}. You opened it for the reason “${reason ?? ""}”, and can read it until ${timeText(endsAt, reader)}.`}
        </PageHeader>
      </div>
      <Things inspected={inspected} reader={reader} />
      <section aria-labelledby="inspected-messages">
        <h2 id="inspected-messages" className="mb-3 text-lg font-semibold tracking-tight">
          Messages of all branches
        </h2>
        {from !== null && (
          <p className="mb-3 text-sm text-muted">
            From the message that you came for.{" "}
            <Link
              to={`/admin/chats/${accessId}`}
              className="font-medium text-accent underline underline-offset-2"
            >
              Show from the beginning
            </Link>
          </p>
        )}
        <PagedList query={messages} label="Loading messages" empty="No messages.">
          {(items) => (
            <ol className="grid grid-cols-1 gap-4">
              {items.map((message) => (
                <InspectedMessage
                  key={message.id}
                  {...{ accessId, message, reader }}
                  isLast={message.id === currentMessageId}
                />
              ))}
            </ol>
          )}
        </PagedList>
      </section>
    </>
  );
}

/** The documents and files of the chat, by name. */
function Things({ inspected, reader }: { inspected: InspectOutput; reader: Reader }) {
  const { documents, files } = inspected;
  if (documents.length + files.length === 0) return null;
  return (
    <section aria-labelledby="inspected-things">
      <h2 id="inspected-things" className="text-lg font-semibold tracking-tight">
        Documents and files
      </h2>
      <ul className="mt-3 divide-y divide-line border-y border-line text-sm">
        {documents.map(({ id, title, kind, version, updatedAt }) => (
          <li key={id} className="flex flex-wrap justify-between gap-x-4 py-2.5">
            <span className="wrap-anywhere">{title}</span>
            <span className="text-muted">
              {`${kind}, version ${version}, ${timeText(updatedAt, reader)}`}
            </span>
          </li>
        ))}
        {files.map(({ id, name, mediaType, bytes }) => (
          <li key={id} className="flex flex-wrap justify-between gap-x-4 py-2.5">
            <span className="wrap-anywhere">{name}</span>
            <span className="text-muted">{`${mediaType ?? "file"}, ${byteText(bytes)}`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
