/**
 * What an owner stores: text of chats, files and open streams, in one counter of the content
 * database. Triggers keep it (migration 0007), so whatever writes content is counted. A write that
 * must fit ends its batch with {@link fitStorage}, which undoes the batch if it does not fit.
 */
import { type BatchQuery, type BatchResults, type ContentDb, runBatch, sql } from "db";
import type { StorageOutput } from "../../contracts/storage.ts";
import { AppError } from "../../errors.ts";
import { sizeText } from "../../platform/size-text.ts";

/** Limits of what an owner stores; null for no limit. */
export interface StorageLimits {
  readonly maxBytes: number | null;
  /** Messages of all chats, of all branches. */
  readonly maxMessages: number | null;
  /** What one answer in progress may add: it is kept free until the answer has ended. */
  readonly answerMaxBytes: number;
}

/** What an owner stores now. */
export interface StorageUse {
  readonly chats: number;
  readonly messages: number;
  /** Answers in progress. Their bytes come with their end. */
  readonly openAnswers: number;
  readonly textBytes: number;
  readonly fileBytes: number;
  readonly streamBytes: number;
}

const nothing: StorageUse = {
  chats: 0,
  messages: 0,
  openAnswers: 0,
  textBytes: 0,
  fileBytes: 0,
  streamBytes: 0,
};

/** All bytes that an owner stores. */
export function usedBytesOf({ textBytes, fileBytes, streamBytes }: StorageUse): number {
  return textBytes + fileBytes + streamBytes;
}

/** Builds the query for an owner's row of the counter; without a row nothing is stored. */
export function storageUseQuery(db: ContentDb, userId: string) {
  return db.kysely
    .selectFrom("contentUse")
    .select(["chats", "messages", "openAnswers", "textBytes", "fileBytes", "streamBytes"])
    .where("userId", "=", userId);
}

export async function readStorageUse(db: ContentDb, userId: string): Promise<StorageUse> {
  return (await storageUseQuery(db, userId).executeTakeFirst()) ?? nothing;
}

/**
 * Builds the last statement of a batch that must fit into its owner's storage. If it does not fit,
 * D1 undoes the batch and throws an error that {@link isStorageRefusal} recognises.
 *
 * @param grown by the batch: `answer` when it begins or reopens an answer. Such a batch fits while
 *   anything is left, so that the last bytes can be used, and the answer may exceed the limit. Every
 *   other answer in progress counts with the most that it may add.
 */
export function fitStorage(
  userId: string,
  { maxBytes, maxMessages, answerMaxBytes }: StorageLimits,
  grown: "answer" | "content" = "content",
): BatchQuery {
  const bytes = sql`textBytes + fileBytes + streamBytes + openAnswers * ${answerMaxBytes}`;
  const mostBytes = maxBytes === null ? null : maxBytes + (grown === "answer" ? answerMaxBytes : 0);
  // A comparison with NULL is not true.
  return sql`UPDATE contentUse SET isOver = 1 WHERE userId = ${userId} AND (
    messages > ${maxMessages} OR chats > ${maxMessages} OR ${bytes} > ${mostBytes})`;
}

/** Whether D1 has undone a batch because of {@link fitStorage}. */
export function isStorageRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.includes("contentQuota");
}

/**
 * Runs a batch that must fit into its owner's storage.
 *
 * @throws AppError TOO_LARGE when it does not fit, and nothing was written; what D1 throws
 */
export async function runFitting<const Queries extends readonly BatchQuery[]>(
  db: ContentDb,
  userId: string,
  limits: StorageLimits,
  queries: Queries,
): Promise<BatchResults<Queries>> {
  const results = await runIfFits(db, userId, limits, queries);
  if (results === null) throw await storageFullError(db, userId, limits);
  return results;
}

/**
 * Runs a batch that must fit into its owner's storage.
 *
 * @returns null when it does not fit, and nothing was written
 * @throws what D1 throws
 */
export async function runIfFits<const Queries extends readonly BatchQuery[]>(
  db: ContentDb,
  userId: string,
  limits: StorageLimits,
  queries: Queries,
): Promise<BatchResults<Queries> | null> {
  try {
    const results = await runBatch(db, [...queries, fitStorage(userId, limits)]);
    return results.slice(0, -1) as BatchResults<Queries>;
  } catch (error) {
    if (isStorageRefusal(error)) return null;
    throw error;
  }
}

/** Converts an owner's row of the counter to the API's output. */
export function storageOutputOf(
  use: StorageUse | undefined,
  { maxBytes, maxMessages }: StorageLimits,
): StorageOutput {
  const { messages, textBytes, fileBytes, streamBytes } = use ?? nothing;
  return {
    usedBytes: usedBytesOf(use ?? nothing),
    maxBytes,
    textBytes,
    fileBytes,
    streamBytes,
    messages,
    maxMessages,
  };
}

/** What a write adds. */
export interface Growth {
  readonly messages?: number;
  readonly bytes?: number;
}

/**
 * Whether a write would fit now, to save the work on one that cannot. The batch that writes it
 * decides.
 */
export async function fits(
  db: ContentDb,
  userId: string,
  limits: StorageLimits,
  growth: Growth,
): Promise<boolean> {
  return hasRoom(await readStorageUse(db, userId), limits, growth);
}

function hasRoom(
  use: StorageUse,
  { maxBytes, maxMessages }: StorageLimits,
  { messages = 0, bytes = 0 }: Growth,
): boolean {
  return (
    (maxBytes === null || usedBytesOf(use) + bytes <= maxBytes) &&
    (maxMessages === null || use.messages + messages <= maxMessages)
  );
}

/**
 * Refuses early what cannot fit; see {@link fits}.
 *
 * @throws AppError TOO_LARGE
 */
export async function refuseFull(
  db: ContentDb,
  userId: string,
  limits: StorageLimits,
  growth: Growth,
): Promise<void> {
  const use = await readStorageUse(db, userId);
  if (!hasRoom(use, limits, growth)) throw fullError(use, limits);
}

/** The TOO_LARGE error for a write that does not fit into its owner's storage. */
export async function storageFullError(
  db: ContentDb,
  userId: string,
  limits: StorageLimits,
): Promise<AppError> {
  return fullError(await readStorageUse(db, userId), limits);
}

/** Names the limit that is nearer. */
function fullError(use: StorageUse, { maxBytes, maxMessages }: StorageLimits): AppError {
  const shareOf = (used: number, max: number | null) => (max === null ? 0 : used / max);
  const isCount =
    maxBytes === null || shareOf(use.messages, maxMessages) > shareOf(usedBytesOf(use), maxBytes);
  const sentence =
    isCount && maxMessages !== null
      ? `You can keep up to ${maxMessages.toLocaleString("en")} messages. Delete chats to make room.`
      : `Not enough storage. You can store up to ${sizeText(maxBytes ?? 0)}. Delete chats or files to make room.`;
  return new AppError("TOO_LARGE", sentence, { limit: "storage" });
}
