import type { ListedUserOutput } from "api-worker/contracts/admin-users";
import { byteText } from "../../../lib/byte-text.ts";
import type { Reader } from "../../../lib/date-groups.ts";
import { dateText } from "../../../lib/date-text.ts";
import { Cell, HeadCell, Table } from "../frame/table.tsx";
import { UserName } from "./user-name.tsx";

interface UserTableProps {
  readonly users: readonly ListedUserOutput[];
  readonly reader: Reader;
}

/** A row for each user; on a phone the numbers are below the name. */
export function UserTable({ users, reader }: UserTableProps) {
  return (
    <Table
      caption="Users"
      head={
        <>
          <HeadCell>User</HeadCell>
          <HeadCell isNumber isWideOnly>
            Chats
          </HeadCell>
          <HeadCell isNumber isWideOnly>
            Messages
          </HeadCell>
          <HeadCell isNumber isWideOnly>
            Storage
          </HeadCell>
          <HeadCell isNumber isWideOnly>
            Last active
          </HeadCell>
          <HeadCell isNumber>Joined</HeadCell>
        </>
      }
    >
      {users.map((user) => (
        <UserRow key={user.id} user={user} reader={reader} />
      ))}
    </Table>
  );
}

function UserRow({ user, reader }: { user: ListedUserOutput; reader: Reader }) {
  const lastSeen = user.lastSeenAt === null ? "–" : dateText(user.lastSeenAt, reader);
  const numbers = [
    [user.chats, user.chats === 1 ? "chat" : "chats"],
    [user.messages, user.messages === 1 ? "message" : "messages"],
  ] as const;
  return (
    <tr className="align-top">
      <Cell className="max-w-0 min-w-40 md:w-full">
        <UserName user={user} />
        <p className="mt-1 flex flex-wrap gap-x-3 text-xs text-muted md:hidden">
          {numbers.map(([count, noun]) => (
            <span key={noun}>{`${count.toLocaleString("en")} ${noun}`}</span>
          ))}
          <span>{byteText(user.storedBytes)}</span>
          {user.lastSeenAt !== null && <span>{`active ${lastSeen}`}</span>}
        </p>
      </Cell>
      <Cell isNumber isWideOnly>
        {user.chats.toLocaleString("en")}
      </Cell>
      <Cell isNumber isWideOnly>
        {user.messages.toLocaleString("en")}
      </Cell>
      <Cell isNumber isWideOnly>
        {byteText(user.storedBytes)}
      </Cell>
      <Cell isNumber isWideOnly>
        {lastSeen}
      </Cell>
      <Cell isNumber>{dateText(user.createdAt, reader)}</Cell>
    </tr>
  );
}
