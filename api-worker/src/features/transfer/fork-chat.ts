import type { TableWith } from "db";
import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { ChatOutput, chatForkInput } from "../../contracts/chats.ts";
import { limits } from "../../contracts/limits.ts";
import type { ExportedChat, ExportedMessage } from "../../contracts/transfer.ts";
import { fileAddress, uploadIdOf } from "../../contracts/uploads.ts";
import { AppError, notFound } from "../../errors.ts";
import { ownerOf } from "../../owner-context.ts";
import { breathe } from "../../platform/breathe.ts";
import { systemClock } from "../../platform/clock.ts";
import { jobObject } from "../../platform/job-object.ts";
import { countTry } from "../../platform/rate-limit.ts";
import { keepGuest } from "../auth/guest/guests.ts";
import { findOwnChat, findReadableChat } from "../chats/readable-chat.ts";
import { isShown } from "../chats/shown-branch.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { refuseFull, type StorageLimits } from "../limits/storage.ts";
import { measureBranch, readInSteps, type StoredMessage } from "../messages/read-branch.ts";
import { parseParts } from "../messages/turn/stored-parts.ts";
import { publishNews } from "../news/news.ts";
import { wakeSearch } from "../search/note-changes.ts";
import { copyUploads } from "../uploads/copy-uploads.ts";
import { bytesOf } from "./documents/insert-documents.ts";
import { picturesOf, replacePictures } from "./documents/pictures.ts";
import { readDocuments } from "./documents/read-documents.ts";
import { inCopyLine } from "./in-copy-line.ts";
import { type ReadChat, withNewIds } from "./save-chats.ts";

/**
 * The functions that copy rows which a fork of another owner's chat refers to, before it is saved.
 */
const copyRows: Record<TableWith<"fork", "own">, typeof copyUploads> = { uploads: copyUploads };

/**
 * Copies a branch, up to a message, into a new chat of the viewer. The source is one of the
 * viewer's chats, or the shown branch of a public one. Repeating the call with the same `newChatId`
 * makes one copy. An unfinished answer is copied as D1 has it and marked as interrupted. Token
 * counts stay with the original. Files of another owner are copied too, and so are documents: the
 * versions that the copied messages have made, and for their owner those by hand.
 *
 * @throws AppError NOT_FOUND; INVALID for a chat without messages; TOO_LARGE for a branch that is too
 *   long, or does not fit into the viewer's storage; CONFLICT while another fork or import runs;
 *   RATE_LIMITED
 */
export async function forkChat(
  ctx: UserContext,
  { chatId, messageId, newChatId }: z.infer<typeof chatForkInput>,
): Promise<ChatOutput> {
  await countTry(ctx.env.COPY_BY_USER, ctx.viewer.userId);
  const made = newChatId && (await findOwnChat(ownerOf(ctx), newChatId));
  if (made) return made;
  const source = await findReadableChat(ctx, chatId);
  const { content, key, chat, access } = source;
  const leafId = messageId ?? chat.currentMessageId;
  if (leafId === null) throw new AppError("INVALID", "This chat has no messages to copy.");
  // A reader may end the copy earlier, but only on the branch that is shown.
  const isHidden = access === "read" && !(await isShown(content, key, { messageId: leafId }));
  const size = await measureBranch(content, key, leafId, limits.forkMessagesMax + 1);
  if (isHidden || size.messages === 0) throw notFound("message");
  refuseLong(size);
  const { storage } = limitsOf(ctx.env, ctx.viewer);
  await refuseFull(ctx.content, ctx.viewer.userId, storage, size);
  await keepGuest(ctx);
  return inCopyLine(ctx, size.bytes, async () => {
    // The same request may have been in the line before.
    const first = newChatId && (await findOwnChat(ownerOf(ctx), newChatId));
    return first || saveCopy(ctx, source, { leafId, newChatId, size, storage });
  });
}

type Source = Awaited<ReturnType<typeof findReadableChat>>;
type Size = Awaited<ReturnType<typeof measureBranch>>;

/** @throws AppError TOO_LARGE */
function refuseLong({ messages, bytes }: Size): void {
  if (messages > limits.forkMessagesMax) {
    throw new AppError(
      "TOO_LARGE",
      `Up to ${limits.forkMessagesMax} messages can be copied into a new chat.`,
    );
  }
  if (bytes > limits.forkMaxBytes) {
    throw new AppError("TOO_LARGE", "This chat is too long to copy.");
  }
}

interface Wanted {
  readonly leafId: string;
  readonly newChatId: string | undefined;
  readonly size: Size;
  /** The limits of the viewer's storage. */
  readonly storage: StorageLimits;
}

async function saveCopy(
  ctx: UserContext,
  { content, contentShard, key, chat, access }: Source,
  { leafId, newChatId, size, storage }: Wanted,
): Promise<ChatOutput> {
  const now = systemClock();
  const messages: ExportedMessage[] = [];
  for await (const step of readInSteps(content, key, leafId, size.messages)) {
    for (const message of step) messages.push(copyOf(message, now));
    // Other requests of this worker run in between.
    await breathe();
  }
  messages.reverse();
  if (messages.length !== size.messages) {
    throw new AppError("CONFLICT", "This chat has just changed. Try again.");
  }
  const documents = await readDocuments(content, key, {
    messageIds: messages.map(({ id }) => id),
    hasOwn: access === "own",
    maxBytes: limits.forkMaxBytes - size.bytes,
  });
  if (access === "read") {
    const from = { contentShard, userId: key.userId };
    const textBytes = size.bytes + Buffer.byteLength(chat.title) + bytesOf(documents);
    const maxBytes = storage.maxBytes === null ? null : storage.maxBytes - textBytes;
    const ids = messages.flatMap(({ parts }) => parts.flatMap((part) => fileOf(part) ?? []));
    const all = [...ids, ...picturesOf(documents)];
    const copies = await copyRows.uploads(ownerOf(ctx), from, all, { ...storage, maxBytes });
    for (const message of messages) message.parts = withFiles(message.parts, copies);
    replacePictures(documents, copies);
  }
  const renamed = withNewIds({
    id: chat.id,
    title: chat.title,
    titleSource: "owner",
    pinnedAt: null,
    createdAt: now,
    updatedAt: now,
    currentMessageId: messages.at(-1)?.id ?? null,
    messages,
    documents,
  });
  const copy = { ...renamed, id: newChatId ?? renamed.id };
  const { userId } = ctx.viewer;
  await saveNewChat(ctx, storage, copy);
  wakeSearch(ctx.env, ctx.log, userId);
  await publishNews(ctx.env, ctx.log, userId, { type: "changed", chatId: copy.id });
  const { id, title, currentMessageId, createdAt, updatedAt } = copy;
  const isNew = { visibility: "private", pinnedAt: null } as const;
  return { id, title, currentMessageId, createdAt, updatedAt, ...isNew };
}

/**
 * Saves a copy in an invocation of its own, because reading a long one takes many requests already.
 *
 * @throws AppError TOO_LARGE when it does not fit into the viewer's storage; INTERNAL
 */
async function saveNewChat(
  { env, viewer: { userId, contentShard } }: UserContext,
  storage: StorageLimits,
  chat: ExportedChat,
): Promise<void> {
  const items: ReadChat[] = [{ index: 0, importId: null, chat, ids: "own" }];
  const json = new TextEncoder().encode(JSON.stringify(items));
  const job = jobObject(env, `${userId}/copy`);
  const [saved] = await job.importChats({ userId, contentShard }, storage, json);
  if (saved?.isSaved) return;
  const limit = saved?.limit;
  throw limit
    ? new AppError("TOO_LARGE", saved.message, { limit })
    : new AppError("INTERNAL", "The copy couldn’t be saved. Try again.", {
        detail: saved?.message ?? "nothing was saved",
      });
}

function copyOf(message: StoredMessage, now: number): ExportedMessage {
  return {
    id: message.id,
    parentId: message.parentId,
    role: message.role,
    parts: parseParts(message.parts),
    status: message.status === "streaming" ? "interrupted" : message.status,
    modelId: message.modelId,
    inputTokens: null,
    outputTokens: null,
    errorCode: message.errorCode,
    vote: null,
    createdAt: message.createdAt,
    finishedAt: message.finishedAt ?? now,
  };
}

type Part = ExportedMessage["parts"][number];

/** The id of a part's upload; null for any other part. */
function fileOf({ type, url }: Part): string | null {
  return type === "file" && typeof url === "string" ? uploadIdOf(url) : null;
}

/** Replaces the files in parts by the viewer's own copies. */
function withFiles(parts: readonly Part[], copies: ReadonlyMap<string, string>): Part[] {
  return parts.map((part) => {
    const copyId = copies.get(fileOf(part) ?? "");
    return copyId === undefined ? part : { ...part, url: fileAddress(copyId) };
  });
}
