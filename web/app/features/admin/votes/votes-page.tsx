import { type AdminVoteOutput, voteSides } from "api-worker/contracts/admin-votes";
import { useState } from "react";
import type { Reader } from "../../../lib/date-groups.ts";
import { trpc } from "../../../lib/trpc.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { LoadingLines, QueryFailure } from "../../../ui/load-state.tsx";
import { PagedList } from "../../../ui/paged-list.tsx";
import { SpanChoice } from "../../usage/span-choice.tsx";
import { readUsageDays, type UsageSpan } from "../../usage/usage-days.ts";
import { countFormat } from "../../usage/usage-text.ts";
import { OpenChatDialog } from "../chats/open-chat-dialog.tsx";
import { ChartSection } from "../frame/chart-section.tsx";
import { PageHeader } from "../frame/page-header.tsx";
import { Select } from "../frame/select.tsx";
import { useListFilter } from "../frame/use-list-filter.ts";
import { ModelVotesTable } from "./model-votes.tsx";
import { readVoteFilter, sideNames } from "./vote-filter.ts";
import { VoteList } from "./vote-list.tsx";
import { voteSeries, votesOfModels } from "./vote-series.ts";

/** What people think of the answers: votes by day and model, and each of them. */
export function VotesPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const [parameters, choose] = useListFilter();
  const span = readUsageDays(parameters);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <PageHeader title="Votes" />
        <SpanChoice span={span} />
      </div>
      <VotesByDay span={span} />
      <Votes {...{ reader, parameters, choose }} />
    </>
  );
}

function VotesByDay({ span }: { span: UsageSpan }) {
  const votes = trpc.admin.votes.byDay.useQuery(
    { days: span },
    { staleTime: 3_000, placeholderData: (before) => before },
  );
  if (votes.isPending) return <LoadingLines label="Loading votes by day" widths={[60, 45, 70]} />;
  if (!votes.data) return <QueryFailure query={votes} />;
  return (
    <ChartSection
      title="Votes by day"
      format={countFormat("votes")}
      partsName="Votes"
      series={voteSeries(votes.data, span)}
      empty={`No votes in the last ${span} days.`}
    >
      <ModelVotesTable votes={votesOfModels(votes.data.items)} />
    </ChartSection>
  );
}

interface VotesProps {
  readonly reader: Reader;
  readonly parameters: URLSearchParams;
  readonly choose: (name: string, value: string) => void;
}

function Votes({ reader, parameters, choose }: VotesProps) {
  const [toOpen, setToOpen] = useState<AdminVoteOutput | null>(null);
  const filter = readVoteFilter(parameters);
  const models = trpc.models.list.useQuery(undefined, { staleTime: Number.POSITIVE_INFINITY });
  const list = trpc.admin.votes.list.useInfiniteQuery(filter, {
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: 3_000,
    placeholderData: (before) => before,
  });
  const canOpen = list.data?.pages[0]?.canOpen ?? false;
  return (
    <section aria-labelledby="all-votes" className="min-w-0">
      <h2 id="all-votes" className="text-lg font-semibold tracking-tight">
        All votes
      </h2>
      <div className="mt-3 mb-4 flex flex-wrap gap-3">
        <Select
          label="Vote"
          value={filter.vote ?? ""}
          options={[
            { value: "", label: "Any vote" },
            ...voteSides.map((value) => ({ value, label: sideNames[value] })),
          ]}
          onChange={(value) => choose("vote", value)}
        />
        <Select
          label="Model"
          value={filter.modelId ?? ""}
          options={[
            { value: "", label: "Any model" },
            ...(models.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(value) => choose("model", value)}
        />
      </div>
      <PagedList query={list} label="Loading votes" empty="No votes match.">
        {(votes) => <VoteList votes={votes} reader={reader} onOpen={canOpen ? setToOpen : null} />}
      </PagedList>
      {toOpen && (
        <OpenChatDialog
          chat={{ owner: toOpen.owner, id: toOpen.chatId }}
          messageId={toOpen.messageId}
          onClose={() => setToOpen(null)}
        />
      )}
    </section>
  );
}
