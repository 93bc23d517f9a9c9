/** D1 queries for starting a turn: the facts it depends on, and the rows it starts with. */
import { type ContentDb, type MessageRow, type NewMessageRow, runBatch } from "db";
import { fitStorage, type StorageLimits } from "../../../limits/storage.ts";
import { noteMessage, noteTitleOfNewChat } from "../../../search/note-changes.ts";
import { branchQuery, type ChatKey, type StoredMessage, shownLeaf } from "../../queries.ts";
import type { AnswerKey } from "../../turn/turn-types.ts";

/** The facts that decide whether and how a turn starts. */
export interface TurnFacts {
  readonly chat: { readonly title: string } | null;
  /** The message with the request's id, if the user has one already, in any chat. */
  readonly known: Pick<MessageRow, "chatId" | "role"> | null;
  /** The answer to that message. */
  readonly answer: { readonly id: string; readonly streamId: string | null } | null;
  /** The branch that the new message follows, newest first. Its first element is the parent. */
  readonly branch: StoredMessage[];
  /** Whether the parent is a question that has an answer, and the chat does not end in it. */
  readonly isParentAnswered: boolean;
  /** The model that the user chose last; null for none. */
  readonly preferredModelId: string | null;
}

/** Reads the facts that decide whether and how a turn starts, in one round trip. */
export async function readTurnFacts(
  db: ContentDb,
  key: ChatKey,
  messageId: string,
  parentId: string | null | undefined,
  historyMax: number,
): Promise<TurnFacts> {
  const [chats, known, answers, branch, preferences, followers] = await runBatch(db, [
    db.kysely
      .selectFrom("chats")
      .select(["title", "currentMessageId"])
      .where("userId", "=", key.userId)
      .where("id", "=", key.chatId),
    db.kysely
      .selectFrom("messages")
      .select(["chatId", "role"])
      .where("userId", "=", key.userId)
      .where("id", "=", messageId),
    answersQuery(db, key, messageId, "asc"),
    branchQuery(
      db,
      key,
      parentId === undefined ? shownLeaf(db, key) : (parentId ?? ""),
      historyMax,
    ),
    db.kysely.selectFrom("preferences").select("modelId").where("userId", "=", key.userId),
    answersQuery(db, key, parentId ?? "", "desc"),
  ]);
  const isShownLeaf = chats[0]?.currentMessageId === branch[0]?.id;
  return {
    chat: chats[0] ?? null,
    known: known[0] ?? null,
    answer: answers[0] ?? null,
    branch,
    isParentAnswered: followers.length > 0 && !isShownLeaf,
    preferredModelId: preferences[0]?.modelId ?? null,
  };
}

/** The oldest answer to a question, or the newest. */
function answersQuery(
  db: ContentDb,
  { userId }: ChatKey,
  questionId: string,
  order: "asc" | "desc",
) {
  return db.kysely
    .selectFrom("messages")
    .select(["id", "streamId"])
    .where("userId", "=", userId)
    .where("parentId", "=", questionId)
    .where("role", "=", "assistant")
    .orderBy("createdAt", order)
    .orderBy("id", order)
    .limit(1);
}

/**
 * Finds the newest answer to a question that the chat does not end in; undefined when it ends in the
 * question, or there is none.
 */
export async function findFollowingAnswer(
  db: ContentDb,
  key: ChatKey,
  questionId: string,
): Promise<{ id: string; streamId: string | null } | undefined> {
  const [answers, leaves] = await runBatch(db, [
    answersQuery(db, key, questionId, "desc"),
    shownLeaf(db, key),
  ]);
  return leaves[0]?.currentMessageId === questionId ? undefined : answers[0];
}

/**
 * Saves a question and the empty row of its answer, and the chat when it is new. All or nothing.
 *
 * @throws what D1 throws; an error for {@link isStorageRefusal} when the storage is full
 */
export async function insertTurn(
  db: ContentDb,
  key: ChatKey,
  turn: {
    readonly title: string;
    readonly question: NewMessageRow;
    readonly answer: NewMessageRow;
    /** Stored as the user's choice for new chats; undefined when the request names none. */
    readonly chosenModelId: string | undefined;
    readonly now: number;
  },
  storage: StorageLimits,
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
    noteTitleOfNewChat(key, turn.now),
    db.kysely.insertInto("messages").values(turn.question),
    noteMessage(turn.question),
    db.kysely.insertInto("messages").values(turn.answer),
    ...(turn.chosenModelId === undefined
      ? []
      : [preferModelQuery(db, userId, turn.chosenModelId, turn.now)]),
    db.kysely
      .updateTable("chats")
      .set({ currentMessageId: turn.answer.id, updatedAt: turn.now })
      .where("userId", "=", userId)
      .where("id", "=", chatId),
    fitStorage(userId, storage, "answer"),
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

/**
 * Saves the empty row of an answer, and makes it the shown one.
 *
 * @throws as {@link insertTurn} does
 */
export async function insertAnswer(
  db: ContentDb,
  answer: NewMessageRow,
  storage: StorageLimits,
): Promise<void> {
  await runBatch(db, [
    db.kysely.insertInto("messages").values(answer),
    db.kysely
      .updateTable("chats")
      .set({ currentMessageId: answer.id, updatedAt: answer.createdAt })
      .where("userId", "=", answer.userId)
      .where("id", "=", answer.chatId),
    fitStorage(answer.userId, storage, "answer"),
  ]);
}

/** The facts that decide whether an answer can continue. */
export interface ContinuationFacts {
  /** The branch that ends with the answer, newest first; empty when there is no such message. */
  readonly branch: StoredMessage[];
  /** Whether a message follows the answer. */
  readonly hasChild: boolean;
}

/** Reads the facts that decide whether an answer can continue, in one round trip. */
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
 * Reopens an answer for a turn that continues it. Its parts stay.
 *
 * @param statuses those that may continue
 * @returns false when the answer does not exist or no longer has one of these statuses
 * @throws as {@link insertTurn} does
 */
export async function reopenMessage(
  db: ContentDb,
  key: ChatKey,
  turn: AnswerKey & { readonly startedAt: number },
  modelId: string,
  statuses: readonly MessageRow["status"][],
  storage: StorageLimits,
): Promise<boolean> {
  const [rows] = await runBatch(db, [
    db.kysely
      .updateTable("messages")
      .set({
        status: "streaming",
        streamId: turn.turnId,
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
      // Only when the previous statement has reopened the answer.
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom("messages")
            .select("id")
            .where("userId", "=", key.userId)
            .where("streamId", "=", turn.turnId),
        ),
      ),
    fitStorage(key.userId, storage, "answer"),
  ]);
  return rows.length > 0;
}
