/** Saves a whole chat: an imported one, or a fork. */
import { type BatchQuery, type ContentDb, runBatch, sql, type TableWith, tablesWith } from "db";
import type { ExportedChat, ExportedMessage } from "../../contracts/transfer.ts";
import { breathe } from "../../platform/breathe.ts";
import { RequestBudget } from "../../platform/request-budget.ts";
import { refuseFull, runFitting, type StorageLimits } from "../limits/storage.ts";
import { noteChat } from "../search/note-changes.ts";
import {
  bytesOf,
  insertDocuments,
  inVersionPieces,
  type VersionPiece,
} from "./documents/insert-documents.ts";

/**
 * Characters of JSON in one statement; a single message may have more. D1 runs one batch at a time
 * for all people, so a chat of more than that comes in several batches, between which it serves
 * others.
 */
const pieceMinLength = 150_000;
/** The pieces of a chat, of the 50 queries that D1 allows a request on the Free plan. */
const piecesMax = 32;
/** An arriving chat that is older than this will not be completed: its request has ended. */
export const arrivalMaxMs = 60 * 60_000;
/** Rows that one statement changes when an arriving chat is deleted. */
const rowsAtOnce = 1_000;
/** The requests with which a chat that was refused is taken back at once; the cron does the rest. */
const undoRequests = 6;

/**
 * Saves a chat with its messages and votes, all or nothing. The caller has checked the messages'
 * ids: each parent is among them. A chat that takes several batches is `arrivingSince` the first,
 * and is not seen by anyone until the last; what a crash leaves is deleted by the cron.
 *
 * @param now epoch milliseconds, for the votes
 * @param importKey null outside an import; a key that is taken saves nothing
 * @throws AppError TOO_LARGE when it does not fit into the owner's storage; what D1 throws when one
 *   of the ids, or the key, is taken
 */
export async function insertChat(
  db: ContentDb,
  { userId, storage }: ChatOwner,
  chat: ExportedChat,
  now: number,
  importKey: string | null = null,
): Promise<void> {
  const versions = await inVersionPieces(chat.documents);
  const piecesLeft = Math.max(piecesMax - versions.length, piecesMax / 2);
  const pieces = await inPieces(parentsFirst(chat.messages), piecesLeft);
  const copy = { userId, chat, pieces, versions, now, importKey, arrivingSince: null };
  if (pieces.length + versions.length > 1) return insertInBatches(db, copy, storage);
  const rows = copiedTables.flatMap((table) => insertRows[table](db, copy));
  await runFitting(db, userId, storage, rows);
}

/** The last batch decides whether the chat fits; the first only saves the work on one that cannot. */
async function insertInBatches(
  db: ContentDb,
  copy: ChatCopy,
  storage: StorageLimits,
): Promise<void> {
  const { userId, now, importKey, chat } = copy;
  const { pinnedAt } = chat;
  const arriving = {
    ...copy,
    importKey: null,
    arrivingSince: now,
    chat: { ...chat, pinnedAt: null },
  };
  await refuseFull(db, userId, storage, {
    messages: chat.messages.length,
    bytes: leastBytes(copy),
  });
  const [first, ...rest] = insertRows.messages(db, copy);
  const pieces = [
    ...rest,
    ...insertRows.documents(db, copy),
    ...insertRows.documentVersions(db, copy),
  ];
  const others = copiedTables.filter((table) => !cameBefore.has(table));
  await runBatch(db, [...insertRows.chats(db, arriving), ...(first ? [first] : [])]);
  try {
    for (const piece of pieces) {
      await breathe();
      await runBatch(db, [piece]);
    }
    const arrive = db.kysely
      .updateTable("chats")
      .set({ arrivingSince: null, importKey, pinnedAt })
      .where("userId", "=", userId)
      .where("id", "=", chat.id)
      .where("arrivingSince", "is not", null)
      .returning("id");
    const rows = others.flatMap((table) => insertRows[table](db, copy));
    const [arrived] = await runFitting(db, userId, storage, [arrive, ...rows]);
    if (arrived.length === 0) throw new Error("The chat was deleted while it was being saved.");
  } catch (error) {
    // The cron deletes what cannot be deleted now.
    const budget = new RequestBudget(undoRequests);
    await deleteArriving(db, { userId, chatId: chat.id }, budget).catch(() => undefined);
    throw error;
  }
}

/** Lists chats that have been arriving since before a time. */
export async function listStuckArrivals(
  db: ContentDb,
  before: number,
  limit: number,
): Promise<{ userId: string; chatId: string }[]> {
  return db.kysely
    .selectFrom("chats")
    .select(["userId", "id as chatId"])
    .where("arrivingSince", "<", before)
    .limit(limit)
    .execute();
}

/**
 * Deletes an arriving chat in steps, as it came, as far as a budget allows. Does nothing to one that
 * has arrived.
 *
 * @returns whether nothing is left of it
 */
export async function deleteArriving(
  db: ContentDb,
  { userId, chatId }: { readonly userId: string; readonly chatId: string },
  budget: RequestBudget,
): Promise<boolean> {
  const isArriving = sql`EXISTS (SELECT 1 FROM chats
    WHERE chats.userId = ${userId} AND chats.id = ${chatId} AND arrivingSince IS NOT NULL)`;
  const some = sql`SELECT rowid FROM messages
    WHERE userId = ${userId} AND chatId = ${chatId} AND ${isArriving}`;
  // A message may only go after its answers: first, no message is another's parent any more.
  const steps = [
    sql`UPDATE messages SET parentId = NULL
      WHERE rowid IN (${some} AND parentId IS NOT NULL LIMIT ${rowsAtOnce}) RETURNING 1`,
    sql`DELETE FROM messages WHERE rowid IN (${some} LIMIT ${rowsAtOnce}) RETURNING 1`,
  ];
  for (const step of steps) {
    let count = rowsAtOnce;
    while (count === rowsAtOnce) {
      if (!budget.take(1)) return false;
      count = (await step.execute(db.kysely)).rows.length;
    }
  }
  if (!budget.take(1)) return false;
  await db.kysely
    .deleteFrom("chats")
    .where("userId", "=", userId)
    .where("id", "=", chatId)
    .where("arrivingSince", "is not", null)
    .execute();
  return true;
}

/** Sorts messages so that each follows its parent, otherwise in the given order. */
function parentsFirst(messages: readonly ExportedMessage[]): ExportedMessage[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const done = new Set<string>();
  const sorted: ExportedMessage[] = [];
  for (const message of messages) {
    const path: ExportedMessage[] = [];
    let next: ExportedMessage | undefined = message;
    while (next && !done.has(next.id)) {
      path.push(next);
      done.add(next.id);
      next = next.parentId === null ? undefined : byId.get(next.parentId);
    }
    for (const one of path.reverse()) sorted.push(one);
  }
  return sorted;
}

/** The tables whose rows come with a chat, from a file or as a fork, in the order of the registry. */
type CopiedTable = TableWith<"fork", "rows"> | TableWith<"file", "rows">;
const copiedTables: readonly CopiedTable[] = [
  ...new Set([...tablesWith("fork", "rows"), ...tablesWith("file", "rows")]),
];

/** The tables whose rows come before the last batch. */
const cameBefore: ReadonlySet<CopiedTable> = new Set([
  "chats",
  "messages",
  "documents",
  "documentVersions",
]);

/** The owner of a chat, and what the owner may store. */
interface ChatOwner {
  readonly userId: string;
  readonly storage: StorageLimits;
}

interface ChatCopy {
  readonly userId: string;
  readonly chat: ExportedChat;
  /** Its messages. */
  readonly pieces: readonly string[];
  /** The versions of its documents. */
  readonly versions: readonly VersionPiece[];
  readonly now: number;
  readonly importKey: string | null;
  /** When a chat began that comes in several batches; null for one that comes whole. */
  readonly arrivingSince: number | null;
}

/** The statements that insert a chat's rows into each of these tables. */
const insertRows: Record<CopiedTable, (db: ContentDb, copy: ChatCopy) => BatchQuery[]> = {
  chats: (
    db,
    { userId, chat: { messages: _, documents: __, ...head }, importKey, arrivingSince },
  ) => [db.kysely.insertInto("chats").values({ ...head, userId, importKey, arrivingSince })],
  searchChanges: (db, { userId, chat }) => [noteChat(db, { userId, chatId: chat.id })],
  messages: (_, { userId, chat, pieces }) =>
    pieces.map((json) => insertMessages(userId, chat.id, json)),
  documents: (_, { userId, chat }) => insertDocuments.rows(userId, chat),
  documentVersions: (_, { userId, versions }) => insertDocuments.versions(userId, versions),
  suggestions: (_, { userId, chat }) => insertDocuments.suggestions(userId, chat.documents),
  votes: (_, { userId, chat, now }) => {
    const votes = chat.messages
      .filter(({ vote }) => vote !== null)
      .map(({ id, vote }) => ({ id, isUpvoted: vote === "up" ? 1 : 0 }));
    return votes.length > 0 ? [insertVotes(userId, JSON.stringify(votes), now)] : [];
  },
};

/** What a message in a piece has beside its parts, at most: ids, times, and names of fields. */
const messageHeadMaxLength = 800;

/** What a chat's messages have in the storage, at least. */
function leastBytes({ chat, pieces }: ChatCopy): number {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const least = Math.max(0, length - chat.messages.length * messageHeadMaxLength);
  return least + bytesOf(chat.documents);
}

/** Characters that are made into JSON at a stretch. */
const stretchLength = 500_000;

/** Splits messages into JSON arrays: few, and each short. Other requests run in between. */
async function inPieces(
  messages: readonly ExportedMessage[],
  mostPieces: number,
): Promise<string[]> {
  const items: string[] = [];
  let total = 0;
  let pausedAt = 0;
  for (const message of messages) {
    const item = JSON.stringify(message);
    items.push(item);
    total += item.length;
    if (total - pausedAt < stretchLength) continue;
    pausedAt = total;
    await breathe();
  }
  const pieceLength = Math.max(pieceMinLength, Math.ceil(total / (mostPieces - 1)));
  const pieces: string[][] = [];
  let length = pieceLength;
  for (const item of items) {
    if (length >= pieceLength) {
      pieces.push([]);
      length = 0;
    }
    pieces.at(-1)?.push(item);
    length += item.length;
  }
  return pieces.map((piece) => `[${piece.join(",")}]`);
}

function insertMessages(userId: string, chatId: string, json: string) {
  return sql`
    INSERT INTO messages (userId, id, chatId, parentId, role, parts, status, modelId,
      inputTokens, outputTokens, errorCode, createdAt, finishedAt)
    SELECT ${userId}, value ->> 'id', ${chatId}, value ->> 'parentId', value ->> 'role',
      value -> 'parts', value ->> 'status', value ->> 'modelId', value ->> 'inputTokens',
      value ->> 'outputTokens', value ->> 'errorCode', value ->> 'createdAt',
      value ->> 'finishedAt'
    FROM json_each(${json})`;
}

function insertVotes(userId: string, json: string, now: number) {
  return sql`
    INSERT INTO votes (userId, messageId, isUpvoted, updatedAt)
    SELECT ${userId}, value ->> 'id', value ->> 'isUpvoted', ${now} FROM json_each(${json})`;
}
