import type { TableWith } from "db";
import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { ChatOutput, chatForkInput } from "../../contracts/chats.ts";
import { limits } from "../../contracts/limits.ts";
import type { ExportedMessage } from "../../contracts/transfer.ts";
import { fileAddress, uploadIdOf } from "../../contracts/uploads.ts";
import { AppError, notFound } from "../../errors.ts";
import { ownerOf } from "../../owner-context.ts";
import { systemClock } from "../../platform/clock.ts";
import { countTry } from "../../platform/rate-limit.ts";
import { keepGuest } from "../auth/guest/guests.ts";
import { findOwnChat, findReadableChat } from "../chats/readable-chat.ts";
import { readBranch } from "../messages/read-branch.ts";
import { parseParts } from "../messages/turn/stored-parts.ts";
import { publishNews } from "../news/news.ts";
import { wakeSearch } from "../search/note-changes.ts";
import { copyUploads } from "../uploads/copy-uploads.ts";
import { withNewIds } from "./import-chats.ts";
import { insertChat } from "./insert-chat.ts";

/**
 * The functions that copy rows which a fork of another owner's chat refers to, before it is saved.
 */
const copyRows: Record<TableWith<"fork", "own">, typeof copyUploads> = { uploads: copyUploads };

/**
 * Copies a branch, up to a message, into a new chat of the viewer. The source is one of the
 * viewer's chats, or the shown branch of a public one. Repeating the call with the same `newChatId`
 * makes one copy. An unfinished answer is copied as D1 has it and marked as interrupted. Token
 * counts stay with the original. Files of another owner are copied too.
 *
 * @throws AppError NOT_FOUND; INVALID for a chat without messages; TOO_LARGE; RATE_LIMITED
 */
export async function forkChat(
  ctx: UserContext,
  { chatId, messageId, newChatId }: z.infer<typeof chatForkInput>,
): Promise<ChatOutput> {
  await countTry(ctx.env.COPY_BY_USER, ctx.viewer.userId);
  const made = newChatId && (await findOwnChat(ownerOf(ctx), newChatId));
  if (made) return made;
  const { key, content, chat, access } = await findReadableChat(ctx, chatId);
  const shownId = chat.currentMessageId;
  const leafId = access === "own" ? (messageId ?? shownId) : shownId;
  if (leafId === null) throw new AppError("INVALID", "This chat has no messages to copy.");
  const branch = await readBranch(content, key, leafId, limits.forkMessagesMax + 1);
  // A reader may end the copy earlier, but only on the branch that is shown.
  const from = branch.findIndex(({ id }) => id === (messageId ?? leafId));
  if (from < 0) throw notFound("message");
  if (branch.length > limits.forkMessagesMax) {
    throw new AppError(
      "TOO_LARGE",
      `Up to ${limits.forkMessagesMax} messages can be copied into a new chat.`,
    );
  }
  await keepGuest(ctx);
  const now = systemClock();
  const messages = branch
    .slice(from)
    .toReversed()
    .map(
      (message): ExportedMessage => ({
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
      }),
    );
  if (access === "read") {
    const ids = messages.flatMap(({ parts }) => parts.flatMap((part) => fileOf(part) ?? []));
    const copies = await copyRows.uploads(ownerOf(ctx), { content, userId: key.userId }, ids);
    for (const message of messages) message.parts = withFiles(message.parts, copies);
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
  });
  const copy = { ...renamed, id: newChatId ?? renamed.id };
  try {
    await insertChat(ctx.content, ctx.viewer.userId, copy, now);
  } catch (error) {
    // The same request may have made the copy a moment earlier.
    const first = newChatId && (await findOwnChat(ownerOf(ctx), newChatId));
    if (first) return first;
    throw error;
  }
  wakeSearch(ctx.env, ctx.log, ctx.viewer.userId);
  await publishNews(ctx.env, ctx.log, ctx.viewer.userId, { type: "changed", chatId: copy.id });
  const { id, title, currentMessageId, createdAt, updatedAt } = copy;
  const isNew = { visibility: "private", pinnedAt: null } as const;
  return { id, title, currentMessageId, createdAt, updatedAt, ...isNew };
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
