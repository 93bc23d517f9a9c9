import type { z } from "zod";
import type { UserContext } from "../../../context.ts";
import type {
  InspectOutput,
  inspectInput,
  inspectMessagesInput,
  inspectMessagesOutput,
  turnLogInput,
  turnLogOutput,
} from "../../../contracts/admin-chats.ts";
import { notFound } from "../../../errors.ts";
import { pageRequest, toPage } from "../../../platform/page.ts";
import { readTurnContent } from "../../streams/http/chat-turn.ts";
import { toOutputs } from "./list-chats.ts";
import { findOpened } from "./open-chat.ts";
import { findMessageKey, listThings, listTree } from "./queries.ts";

/** Chunks of a log that are shown at most. */
const chunksShown = 2_000;

/** A chat that was opened, with its documents and files. @throws AppError NOT_FOUND; FORBIDDEN */
export async function inspectChat(
  ctx: UserContext,
  input: z.infer<typeof inspectInput>,
): Promise<InspectOutput> {
  const { owner, chat, reason, endsAt } = await findOpened(ctx, input);
  const key = { userId: chat.userId, chatId: chat.id };
  const [[documents, files], [output]] = await Promise.all([
    listThings(owner.content, key),
    toOutputs(ctx, [chat]),
  ]);
  if (!output) throw notFound("chat");
  const { currentMessageId } = chat;
  return { chat: output, reason, endsAt, currentMessageId, documents, files };
}

/**
 * A page of the messages of all branches, oldest first, from the beginning or from one of them on.
 *
 * @throws AppError NOT_FOUND, also for a message of another chat; FORBIDDEN; INVALID for a cursor of
 *   another origin
 */
export async function inspectMessages(
  ctx: UserContext,
  { limit, cursor, from, ...input }: z.infer<typeof inspectMessagesInput>,
): Promise<z.infer<typeof inspectMessagesOutput>> {
  const page = pageRequest(limit, cursor);
  const { owner, chat } = await findOpened(ctx, input);
  const key = { userId: chat.userId, chatId: chat.id };
  const first =
    from === undefined || page.after !== null
      ? null
      : await findMessageKey(owner.content, { ...key, messageId: from });
  if (first === undefined) throw notFound("message");
  const rows = await listTree(owner.content, key, { ...page, first });
  return toPage(rows, limit, ({ createdAt, id }) => [createdAt, id]);
}

/**
 * The log of a turn: its chunks so far, from the object, the archive, or rebuilt from the message.
 * Empty when the log is not kept any more.
 *
 * @throws AppError NOT_FOUND; FORBIDDEN; UPSTREAM_FAILED when the log cannot be reached
 */
export async function readTurnLog(
  ctx: UserContext,
  { streamId, ...input }: z.infer<typeof turnLogInput>,
): Promise<z.infer<typeof turnLogOutput>> {
  const { owner, chat } = await findOpened(ctx, input);
  const turn = { userId: chat.userId, chatId: chat.id, objectName: chat.objectName, streamId };
  const content = await readTurnContent(owner, turn, 0, 0);
  if (content === null || content === "gone") return { chunks: [], hasMore: false };
  const { items, facts } = content;
  const chunks = items.slice(0, chunksShown);
  return { chunks, hasMore: !facts.isClosed || items.length > chunks.length };
}
