import type { AdminChatOutput } from "api-worker/contracts/admin-chats";
import { Link } from "react-router";
import type { Reader } from "../../../lib/date-groups.ts";
import { timeText } from "../../../lib/date-text.ts";
import { Button } from "../../../ui/button.tsx";
import { Cell, HeadCell, Table } from "../frame/table.tsx";
import { Badge, nameOf } from "../users/user-name.tsx";
import { statusNames } from "./chat-filter.ts";

interface ChatTableProps {
  readonly chats: readonly AdminChatOutput[];
  readonly reader: Reader;
  /** null while the operator keeps chats closed. */
  readonly onOpen: ((chat: AdminChatOutput) => void) | null;
}

/** A row for each chat; on a phone its facts are below the title. */
export function ChatTable({ chats, reader, onOpen }: ChatTableProps) {
  return (
    <Table
      caption="Chats"
      head={
        <>
          <HeadCell>Chat</HeadCell>
          <HeadCell isWideOnly>Last answer</HeadCell>
          <HeadCell isNumber isWideOnly>
            Last used
          </HeadCell>
          {onOpen && (
            <HeadCell isNumber>
              <span className="sr-only">Action</span>
            </HeadCell>
          )}
        </>
      }
    >
      {chats.map((chat) => (
        <ChatRow key={`${chat.owner.id} ${chat.id}`} {...{ chat, reader, onOpen }} />
      ))}
    </Table>
  );
}

interface ChatRowProps extends Omit<ChatTableProps, "chats"> {
  readonly chat: AdminChatOutput;
}

function ChatRow({ chat, reader, onOpen }: ChatRowProps) {
  const { owner, status, modelId, visibility } = chat;
  const title = chat.title ?? "Private chat";
  const lastUsed = timeText(chat.updatedAt, reader);
  return (
    <tr className="align-top">
      <Cell className="max-w-0 min-w-40 md:w-full">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{title}</span>
          {visibility === "public" && <Badge>Public</Badge>}
        </p>
        <p className="truncate text-muted">
          <Link to={`/admin/users/${owner.id}`} className="underline-offset-2 hover:underline">
            {nameOf(owner)}
          </Link>
        </p>
        <p className="mt-1 flex flex-wrap gap-x-3 text-xs text-muted md:hidden">
          {status !== null && <span>{statusNames[status]}</span>}
          <span>{lastUsed}</span>
        </p>
      </Cell>
      <Cell isWideOnly className="whitespace-nowrap">
        {status !== null && statusNames[status]}
        {modelId !== null && <span className="block text-xs text-muted">{modelId}</span>}
      </Cell>
      <Cell isNumber isWideOnly>
        {lastUsed}
      </Cell>
      {onOpen && (
        <Cell isNumber>
          <Button isSmall onClick={() => onOpen(chat)} aria-label={`Open ${title}`}>
            Open
          </Button>
        </Cell>
      )}
    </tr>
  );
}
