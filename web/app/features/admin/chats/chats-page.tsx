import type { AdminChatOutput } from "api-worker/contracts/admin-chats";
import { messageStatuses } from "api-worker/contracts/messages";
import { useState } from "react";
import type { Reader } from "../../../lib/date-groups.ts";
import { trpc } from "../../../lib/trpc.ts";
import { useDebounced } from "../../../lib/use-debounced.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { PagedList } from "../../../ui/paged-list.tsx";
import { PageHeader } from "../frame/page-header.tsx";
import { SearchField } from "../frame/search-field.tsx";
import { Select } from "../frame/select.tsx";
import { useListFilter } from "../frame/use-list-filter.ts";
import { readChatFilter, statusNames } from "./chat-filter.ts";
import { ChatTable } from "./chat-table.tsx";
import { OpenChatDialog } from "./open-chat-dialog.tsx";

/** A UUID is the id of a chat; any other text is a part of a title. */
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The chats of all users, without their content. */
export function ChatsPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const [parameters, choose] = useListFilter();
  const [userText, setUserText] = useState(parameters.get("user") ?? "");
  const [titleText, setTitleText] = useState("");
  const [user, title] = [useDebounced(userText.trim()), useDebounced(titleText.trim())];
  const [toOpen, setToOpen] = useState<AdminChatOutput | null>(null);
  const { user: _, ...chosen } = readChatFilter(parameters);
  const models = trpc.models.list.useQuery(undefined, { staleTime: Number.POSITIVE_INFINITY });
  const list = trpc.admin.chats.list.useInfiniteQuery(
    {
      ...chosen,
      ...(user !== "" && { user }),
      ...(title !== "" && (idPattern.test(title) ? { chatId: title } : { title })),
    },
    {
      getNextPageParam: ({ nextCursor }) => nextCursor,
      staleTime: 3_000,
      placeholderData: (before) => before,
    },
  );
  const canOpen = list.data?.pages[0]?.canOpen ?? false;
  return (
    <>
      <PageHeader title="Chats">
        {canOpen
          ? "Opening a chat needs a reason. Its owner sees who opened it, when and why."
          : "The operator has turned off access to chats. Titles of private chats are hidden."}
      </PageHeader>
      <div className="flex flex-wrap items-center gap-3">
        <SearchField
          label="Title or id"
          placeholder="Part of a title, or id"
          value={titleText}
          maxLength={120}
          onChange={setTitleText}
        />
        <SearchField
          label="User"
          placeholder="Email or id of the user"
          value={userText}
          maxLength={254}
          onChange={(value) => {
            setUserText(value);
            if (parameters.has("user")) choose("user", "");
          }}
        />
        <div className="flex flex-wrap gap-3">
          <Select
            label="Status"
            value={chosen.status ?? ""}
            options={[
              { value: "", label: "Any status" },
              ...messageStatuses.map((value) => ({ value, label: statusNames[value] })),
            ]}
            onChange={(value) => choose("status", value)}
          />
          <Select
            label="Model"
            value={chosen.modelId ?? ""}
            options={[
              { value: "", label: "Any model" },
              ...(models.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(value) => choose("model", value)}
          />
        </div>
      </div>
      <PagedList
        query={list}
        label="Loading chats"
        empty={
          list.hasNextPage
            ? "None of the chats used last match. Show more to look further back."
            : "No chats match."
        }
      >
        {(chats) => <ChatTable chats={chats} reader={reader} onOpen={canOpen ? setToOpen : null} />}
      </PagedList>
      {toOpen && <OpenChatDialog chat={toOpen} onClose={() => setToOpen(null)} />}
    </>
  );
}
