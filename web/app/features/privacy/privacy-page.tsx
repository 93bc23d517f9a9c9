import type { InspectionOutput } from "api-worker/contracts/admin-chats";
import { Link } from "react-router";
import type { Reader } from "../../lib/date-groups.ts";
import { minuteText } from "../../lib/date-text.ts";
import { trpc } from "../../lib/trpc.ts";
import { useReader } from "../../lib/use-reader.ts";
import { PagedList } from "../../ui/paged-list.tsx";

/** Who looked at the viewer's chats and files: each time an administrator opened or searched, and why. */
export function PrivacyPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const list = trpc.account.inspections.useInfiniteQuery(
    {},
    { getNextPageParam: ({ nextCursor }) => nextCursor, staleTime: 3_000 },
  );
  return (
    <>
      <header>
        <h1 className="text-2xl font-semibold tracking-tight">Privacy</h1>
        <p className="mt-1.5 text-muted text-pretty">
          Your chats and files are yours. Only administrators of this site can open or search them,
          and each time they do, it’s listed here with their reason. Entries can’t be removed.
        </p>
      </header>
      <section aria-labelledby="privacy-looks">
        <h2 id="privacy-looks" className="text-lg font-semibold tracking-tight">
          Opened or searched by administrators
        </h2>
        <div className="mt-3">
          <PagedList
            query={list}
            label="Loading the list"
            empty="No administrator has opened or searched anything of yours."
          >
            {(items) => (
              <ul className="divide-y divide-line border-y border-line">
                {items.map((item) => (
                  <Inspection key={item.id} item={item} reader={reader} />
                ))}
              </ul>
            )}
          </PagedList>
        </div>
      </section>
    </>
  );
}

function Inspection({ item, reader }: { item: InspectionOutput; reader: Reader }) {
  const { title, chatId, reason, createdAt } = item;
  const name = title ?? nameOf(item);
  return (
    <li className="py-4">
      <h3 className="font-medium wrap-anywhere">
        {chatId === null ? (
          name
        ) : (
          <Link to={`/chat/${chatId}`} className="underline-offset-2 hover:underline">
            {name}
          </Link>
        )}
      </h3>
      <p className="mt-0.5 text-sm text-muted">
        {`${actionOf(item)} by ${item.by ?? "a former administrator"} · ${minuteText(createdAt, reader)}`}
      </p>
      {reason !== null && <p className="mt-1 text-sm wrap-anywhere">{`Reason: ${reason}`}</p>}
    </li>
  );
}

function nameOf({ what, searchedFor }: InspectionOutput): string {
  if (searchedFor !== null) return "Your chats";
  return what === "chat" ? "A deleted chat" : "A deleted file";
}

function actionOf({ what, searchedFor }: InspectionOutput): string {
  if (searchedFor !== null) return `Searched for “${searchedFor}”`;
  return what === "chat" ? "Chat opened" : "File opened";
}
