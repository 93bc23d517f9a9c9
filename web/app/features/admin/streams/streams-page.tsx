import type { EndedStreamOutput } from "api-worker/contracts/admin-streams";
import type { Reader } from "../../../lib/date-groups.ts";
import { timeText } from "../../../lib/date-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { PagedList } from "../../../ui/paged-list.tsx";
import { statusNames } from "../chats/chat-filter.ts";
import { PageHeader } from "../frame/page-header.tsx";
import { UserLink } from "../frame/user-link.tsx";
import { Badge } from "../users/user-name.tsx";
import { LiveStreams } from "./live-streams.tsx";

/** The answers in progress, and those that ended badly. */
export function StreamsPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const ended = trpc.admin.streams.ended.useInfiniteQuery(
    {},
    { getNextPageParam: ({ nextCursor }) => nextCursor, staleTime: 3_000 },
  );
  return (
    <>
      <PageHeader title="Streams">
        Answers that are being written now, and answers that failed or were interrupted.
      </PageHeader>
      <LiveStreams />
      <section aria-labelledby="ended-streams">
        <h2 id="ended-streams" className="mb-3 text-lg font-semibold tracking-tight">
          Failed and interrupted
        </h2>
        <PagedList query={ended} label="Loading answers" empty="No answer has failed.">
          {(answers) => (
            <ul className="divide-y divide-line border-y border-line">
              {answers.map((answer) => (
                <Ended key={answer.messageId} answer={answer} reader={reader} />
              ))}
            </ul>
          )}
        </PagedList>
      </section>
    </>
  );
}

function Ended({ answer, reader }: { answer: EndedStreamOutput; reader: Reader }) {
  const { owner, status, errorCode, modelId, finishedAt, chatId } = answer;
  return (
    <li className="py-3 text-sm">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <UserLink user={owner} />
        <Badge isDanger>{statusNames[status]}</Badge>
        {errorCode !== null && <code className="font-mono text-[0.8125rem]">{errorCode}</code>}
      </p>
      <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-muted">
        <span>{timeText(finishedAt, reader)}</span>
        {modelId !== null && <span>{modelId}</span>}
        <span>
          Chat <code className="font-mono select-all">{chatId}</code>
        </span>
      </p>
    </li>
  );
}
