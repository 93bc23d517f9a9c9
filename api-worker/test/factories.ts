import { env } from "cloudflare:workers";
import {
  type ChatRow,
  createHomeDb,
  type LimitName,
  type MessageRow,
  type Role,
  runBatch,
  type UserRow,
} from "db";
import { chatRow, messageRow, userRow } from "db/factories";
import { noteMessage, noteTitle } from "../src/features/search/note-changes.ts";
import { contentFor } from "../src/platform/content.ts";
import { newId } from "../src/platform/ids.ts";

/** The owner of content, and the shard that holds it. */
type Owner = Pick<UserRow, "id" | "contentShard">;

/** Makes a user in the home database; the password is `demoPassword`. `email: null` makes a guest. */
export async function createUser(fields: Partial<UserRow> = {}): Promise<UserRow> {
  const row = userRow({ id: newId(), createdAt: Date.now(), ...fields });
  await createHomeDb(env.HOME).kysely.insertInto("users").values(row).execute();
  return row;
}

type LimitSubject = { readonly userId: string } | { readonly role: Role | "guest" };

/** Limits a user or a role, as an administrator does. */
export async function createLimit(
  subject: LimitSubject,
  name: LimitName,
  value: number | null,
): Promise<void> {
  const row = { userId: null, role: null, ...subject, name, value };
  await createHomeDb(env.HOME).kysely.insertInto("ownerLimits").values(row).execute();
}

/** Makes a chat, in the content database of its owner. */
export async function createChat(owner: Owner, fields: Partial<ChatRow> = {}): Promise<ChatRow> {
  const row = chatRow({ id: newId(), createdAt: Date.now(), ...fields, userId: owner.id });
  const content = contentFor(env, owner);
  await runBatch(content, [
    content.kysely.insertInto("chats").values(row),
    noteTitle(content, { userId: owner.id, chatId: row.id }),
  ]);
  return row;
}

/** Makes a message and shows it as the chat's last. `text` is its only part. */
export async function createMessage(
  owner: Owner,
  chat: Pick<ChatRow, "id">,
  fields: Partial<MessageRow> & { text?: string } = {},
): Promise<MessageRow> {
  const content = contentFor(env, owner);
  const row = messageRow({
    id: newId(),
    role: "user",
    createdAt: Date.now(),
    ...fields,
    userId: owner.id,
    chatId: chat.id,
  });
  await runBatch(content, [
    content.kysely.insertInto("messages").values(row),
    noteMessage(row),
    content.kysely
      .updateTable("chats")
      .set({ currentMessageId: row.id })
      .where("userId", "=", owner.id)
      .where("id", "=", chat.id),
  ]);
  return row;
}
