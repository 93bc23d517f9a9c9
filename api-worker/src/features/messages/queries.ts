import { type ContentDb, type MessageRow, type NewMessageRow, runBatch, sql } from "db";
import type { ChatObjectKey } from "../../platform/chat-object.ts";
import { addUsageQuery } from "./object/finish/add-usage.ts";
import { findCarriedAnswer, findCarriedChat } from "./turn/carried-chats.ts";
import type { Outcome } from "./turn/chunks.ts";

const messageColumns = [
  "id",
  "chatId",
  "parentId",
  "role",
  "parts",
  "status",
  "modelId",
  "streamId",
  "inputTokens",
  "outputTokens",
  "errorCode",
  "createdAt",
  "finishedAt",
] as const;

export type StoredMessage = Omit<MessageRow, "userId">;

export type ChatKey = ChatObjectKey;

/**
 * The branch that ends at `leafId`, newest first: walks from each message to its parent along the
 * primary key.
 *
 * @param limit messages at most
 */
export function branchQuery(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  leafId: LeafId,
  limit: number,
) {
  return db.kysely
    .withRecursive("branch", (qb) =>
      qb
        .selectFrom("messages")
        .select([...messageColumns, sql<number>`0`.as("depth")])
        .where("userId", "=", userId)
        .where("chatId", "=", chatId)
        .where("id", "=", leafId)
        .unionAll(
          qb
            .selectFrom("branch")
            .innerJoin("messages", "messages.id", "branch.parentId")
            .select([
              ...messageColumns.map((column) => `messages.${column}` as const),
              sql<number>`branch.depth + 1`.as("depth"),
            ])
            .where("messages.userId", "=", userId)
            .where("branch.depth", "<", limit - 1),
        ),
    )
    .selectFrom("branch")
    .select(messageColumns)
    .orderBy("depth");
}

/** A message with the ids of its other versions and itself, oldest first, as a JSON array. */
export type ListedMessage = StoredMessage & { readonly siblingIds: string };

function siblingIds({ userId, chatId }: ChatKey) {
  // A first message has no parent to find its siblings by: they are the chat's other first ones.
  // Two subqueries, so that each is served by an index of its own.
  const ids = sql`SELECT json_group_array(id ORDER BY createdAt, id) FROM messages AS sibling
    WHERE sibling.userId = ${userId}`;
  return sql<string>`CASE WHEN branch.parentId IS NULL
    THEN (${ids} AND sibling.chatId = ${chatId} AND sibling.parentId IS NULL)
    ELSE (${ids} AND sibling.parentId = branch.parentId) END`.as("siblingIds");
}

type LeafId = string | ReturnType<typeof shownLeaf>;

/** The leaf that the chat shows, as a subquery. */
function shownLeaf(db: ContentDb, { userId, chatId }: ChatKey) {
  return db.kysely
    .selectFrom("chats")
    .select("currentMessageId")
    .where("userId", "=", userId)
    .where("id", "=", chatId);
}

/**
 * A page of a chat's shown branch, newest first, and the chat's key when it is there: one round trip.
 *
 * @param fromId the newest message of the page; the shown leaf when null
 */
export async function listBranch(
  db: ContentDb,
  key: ChatKey,
  fromId: string | null,
  limit: number,
): Promise<{ key: ChatKey | undefined; messages: ListedMessage[] }> {
  const [chats, messages] = await runBatch(db, [
    db.kysely
      .selectFrom("chats")
      .select("objectName")
      .where("userId", "=", key.userId)
      .where("id", "=", key.chatId),
    branchQuery(db, key, fromId ?? shownLeaf(db, key), limit).select(siblingIds(key)),
  ]);
  return { key: chats[0] && { ...key, ...chats[0] }, messages };
}

/** The key of a chat with what its object is called; undefined when there is no such chat. */
export async function findChatKey(
  db: ContentDb,
  { userId, chatId }: ChatKey,
): Promise<ChatKey | undefined> {
  const row = await db.kysely
    .selectFrom("chats")
    .select("objectName")
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .executeTakeFirst();
  return row && { userId, chatId, objectName: row.objectName };
}

/** What must be known before a turn starts. */
export interface TurnFacts {
  readonly chat: { readonly title: string } | null;
  /** The message with this id, if it is known already, in whichever chat of the user. */
  readonly known: Pick<MessageRow, "chatId" | "role"> | null;
  /** The answer that it has. */
  readonly answer: { readonly id: string; readonly streamId: string | null } | null;
  /** The branch that the new message follows, newest first; its first element is the parent. */
  readonly branch: StoredMessage[];
  /** The model that the user chose last; null for none. */
  readonly preferredModelId: string | null;
}

/** Reads what must be known before a turn starts, in one round trip. */
export async function readTurnFacts(
  db: ContentDb,
  key: ChatKey,
  messageId: string,
  parentId: string | null | undefined,
  historyMax: number,
): Promise<TurnFacts> {
  const [chats, known, answers, branch, preferences] = await runBatch(db, [
    db.kysely
      .selectFrom("chats")
      .select("title")
      .where("userId", "=", key.userId)
      .where("id", "=", key.chatId),
    db.kysely
      .selectFrom("messages")
      .select(["chatId", "role"])
      .where("userId", "=", key.userId)
      .where("id", "=", messageId),
    db.kysely
      .selectFrom("messages")
      .select(["id", "streamId"])
      .where("userId", "=", key.userId)
      .where("parentId", "=", messageId)
      .orderBy("createdAt")
      .orderBy("id")
      .limit(1),
    branchQuery(
      db,
      key,
      parentId === undefined ? shownLeaf(db, key) : (parentId ?? ""),
      historyMax,
    ),
    db.kysely.selectFrom("preferences").select("modelId").where("userId", "=", key.userId),
  ]);
  return {
    chat: chats[0] ?? null,
    known: known[0] ?? null,
    answer: answers[0] ?? null,
    branch,
    preferredModelId: preferences[0]?.modelId ?? null,
  };
}

/** Saves a question and the place of its answer, and the chat when it is new: all or nothing. */
export async function insertTurn(
  db: ContentDb,
  key: ChatKey,
  turn: {
    readonly title: string;
    readonly question: NewMessageRow;
    readonly answer: NewMessageRow;
    /** Kept as the user's choice for new chats; undefined when none was named. */
    readonly chosenModelId: string | undefined;
    readonly now: number;
  },
): Promise<void> {
  const { userId, chatId } = key;
  await runBatch(db, [
    db.kysely
      .insertInto("chats")
      .values({
        userId,
        id: chatId,
        title: turn.title,
        createdAt: turn.now,
        updatedAt: turn.now,
      })
      .onConflict((conflict) => conflict.doNothing()),
    db.kysely.insertInto("messages").values(turn.question),
    db.kysely.insertInto("messages").values(turn.answer),
    ...(turn.chosenModelId === undefined
      ? []
      : [preferModelQuery(db, userId, turn.chosenModelId, turn.now)]),
    db.kysely
      .updateTable("chats")
      .set({ currentMessageId: turn.answer.id, updatedAt: turn.now })
      .where("userId", "=", userId)
      .where("id", "=", chatId),
  ]);
}

function preferModelQuery(db: ContentDb, userId: string, modelId: string, updatedAt: number) {
  return db.kysely
    .insertInto("preferences")
    .values({ userId, modelId, updatedAt })
    .onConflict((conflict) =>
      conflict
        .column("userId")
        .doUpdateSet({ modelId, updatedAt })
        .where("preferences.modelId", "is not", modelId),
    );
}

/** The answer that a turn writes. */
export interface AnswerKey {
  readonly userId: string;
  readonly assistantMessageId: string;
  /** An answer that was continued belongs to its last turn alone. */
  readonly streamId: string;
}

/**
 * Brings the end of an answer to D1, and adds it to the user's day. Safe to run again, and never
 * brings back a deleted message. A continued answer adds up the tokens of its turns.
 *
 * @returns whether the answer was open until now
 */
export async function finishMessage(
  db: ContentDb,
  answer: AnswerKey,
  end: Outcome & { readonly parts: string; readonly finishedAt: number },
): Promise<boolean> {
  const add = (column: "inputTokens" | "outputTokens", count: number | undefined) =>
    count === undefined
      ? sql<number | null>`${sql.ref(column)}`
      : sql<number>`coalesce(${sql.ref(column)}, 0) + ${count}`;
  const [, finished] = await runBatch(db, [
    addUsageQuery(db, answer, end),
    db.kysely
      .updateTable("messages")
      .set({
        parts: end.parts,
        status: end.status,
        errorCode: end.errorCode ?? null,
        inputTokens: add("inputTokens", end.inputTokens),
        outputTokens: add("outputTokens", end.outputTokens),
        finishedAt: end.finishedAt,
      })
      .where("userId", "=", answer.userId)
      .where("id", "=", answer.assistantMessageId)
      .where("streamId", "=", answer.streamId)
      .where("status", "=", "streaming")
      .returning("id"),
  ]);
  return finished.length > 0;
}

/** The parts, as JSON, of the answer that D1 has for a turn; undefined when it has none. */
export async function findAnswerParts(
  db: ContentDb,
  turn: AnswerKey & ChatKey,
): Promise<string | undefined> {
  const parts = await findParts(db, turn);
  if (parts !== undefined) return parts;
  const carried = await findCarriedAnswer(db, turn);
  return carried && findParts(db, carried);
}

async function findParts(db: ContentDb, answer: AnswerKey): Promise<string | undefined> {
  const row = await db.kysely
    .selectFrom("messages")
    .select("parts")
    .where("userId", "=", answer.userId)
    .where("id", "=", answer.assistantMessageId)
    .where("streamId", "=", answer.streamId)
    .executeTakeFirst();
  return row?.parts;
}

/** What must be known before an answer goes on. */
export interface ContinuationFacts {
  /** The branch that ends with the answer, newest first; empty when there is no such message. */
  readonly branch: StoredMessage[];
  /** Whether a message follows it. */
  readonly hasChild: boolean;
}

/** Reads what must be known before an answer goes on, in one round trip. */
export async function readContinuationFacts(
  db: ContentDb,
  key: ChatKey,
  messageId: string,
  historyMax: number,
): Promise<ContinuationFacts> {
  const [branch, children] = await runBatch(db, [
    branchQuery(db, key, messageId, historyMax),
    db.kysely
      .selectFrom("messages")
      .select("id")
      .where("userId", "=", key.userId)
      .where("parentId", "=", messageId)
      .limit(1),
  ]);
  return { branch, hasChild: children.length > 0 };
}

/**
 * Opens an answer again for a turn that goes on with it. Keeps what it has.
 *
 * @param statuses those that may go on
 * @returns false when it is not there, or does not have such a status any more
 */
export async function reopenMessage(
  db: ContentDb,
  key: ChatKey,
  turn: AnswerKey & { readonly startedAt: number },
  modelId: string,
  statuses: readonly MessageRow["status"][],
): Promise<boolean> {
  const [rows] = await runBatch(db, [
    db.kysely
      .updateTable("messages")
      .set({
        status: "streaming",
        streamId: turn.streamId,
        modelId,
        errorCode: null,
        finishedAt: null,
      })
      .where("userId", "=", key.userId)
      .where("chatId", "=", key.chatId)
      .where("id", "=", turn.assistantMessageId)
      .where("status", "in", statuses)
      .returning("id"),
    db.kysely
      .updateTable("chats")
      .set({ currentMessageId: turn.assistantMessageId, updatedAt: turn.startedAt })
      .where("userId", "=", key.userId)
      .where("id", "=", key.chatId)
      // Only when the statement before it has opened the answer.
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom("messages")
            .select("id")
            .where("userId", "=", key.userId)
            .where("streamId", "=", turn.streamId),
        ),
      ),
  ]);
  return rows.length > 0;
}

/**
 * Gives a chat the model's title, unless the owner has named it meanwhile.
 *
 * @returns the chat that has it now; undefined when none has
 */
export async function setModelTitle(
  db: ContentDb,
  chat: ChatKey,
  title: string,
): Promise<ChatKey | undefined> {
  if (await setTitle(db, chat, title)) return chat;
  const carried = await findCarriedChat(db, chat);
  return carried && (await setTitle(db, carried, title)) ? carried : undefined;
}

async function setTitle(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  title: string,
): Promise<boolean> {
  const rows = await db.kysely
    .updateTable("chats")
    .set({ title, titleSource: "model" })
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .where("titleSource", "=", "question")
    .returning("id")
    .execute();
  return rows.length > 0;
}

/** The answer of a turn as it stands in D1; undefined when there is none. */
export async function findAnswer(
  db: ContentDb,
  { userId, chatId }: ChatKey,
  streamId: string,
): Promise<StoredMessage | undefined> {
  return db.kysely
    .selectFrom("messages")
    .select(messageColumns)
    .where("userId", "=", userId)
    .where("streamId", "=", streamId)
    .where("chatId", "=", chatId)
    .executeTakeFirst();
}
