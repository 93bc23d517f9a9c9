import { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { ChatImportOutput, chatImportInput, ExportedChat } from "../../contracts/transfer.ts";
import { breathe } from "../../platform/breathe.ts";
import { systemClock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";
import { countTry } from "../../platform/rate-limit.ts";
import { keepGuest } from "../auth/guest/guests.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { publishNews } from "../news/news.ts";
import { wakeSearch } from "../search/note-changes.ts";
import { importDocuments } from "./documents/import-documents.ts";
import { renameDocuments } from "./documents/rename-documents.ts";
import { FileImport } from "./file-import.ts";
import { inCopyLine } from "./in-copy-line.ts";
import { insertChat } from "./insert-chat.ts";
import { findTakenIds, listImported } from "./queries.ts";
import { checkChat } from "./read/check-chat.ts";
import { endOpenCalls } from "./read/end-open-calls.ts";
import { isOfFile, reasonFor } from "./read/failure-reason.ts";
import type { FileChat } from "./read/file-chat.ts";
import { type FileContent, readFile } from "./read/read-file.ts";

/**
 * Imports the chats and documents of a file into the viewer's own, as private ones. Each is saved
 * completely or not at all, and a broken one does not stop the others. Tool calls that were still
 * open are ended, with the reason, so that a file cannot start one. Importing a file twice
 * makes two copies; sending the same import (`importId`) twice, even at once, makes one.
 *
 * @throws AppError INVALID or TOO_LARGE when the file cannot be read at all; CONFLICT while another
 *   import or fork runs; RATE_LIMITED
 */
export async function importChats(
  ctx: UserContext,
  { data, importId }: z.infer<typeof chatImportInput>,
): Promise<ChatImportOutput> {
  await countTry(ctx.env.COPY_BY_USER, ctx.viewer.userId);
  const file = readFile(data);
  await keepGuest(ctx);
  const bytes = ctx.request.contentLength ?? 0;
  return inCopyLine(ctx, bytes, () => importAll(ctx, file, importId));
}

async function importAll(
  ctx: UserContext,
  { chats, documents }: FileContent,
  importId: string | undefined,
): Promise<ChatImportOutput> {
  const output: ChatImportOutput = { imported: [], importedDocuments: [], failures: [] };
  const known = await findImported(ctx, importId);
  const files = new FileImport(ctx);
  for (const [index, fileChat] of chats.entries()) {
    const key = importId ? `${importId}/${index}` : null;
    try {
      const chat = known.get(key) ?? (await importChat(ctx, fileChat, key, files));
      output.imported.push({ index, ...chat });
    } catch (error) {
      // The same import may have been sent twice at once, and the other request may have been
      // faster.
      const twin = isOfFile(error) ? undefined : (await findImported(ctx, importId)).get(key);
      if (twin) output.imported.push({ index, ...twin });
      else output.failures.push({ index, title: fileChat.title, ...reasonFor(ctx, "chat", error) });
    }
  }
  await importDocuments(ctx, documents, importId, output);
  const [first] = output.imported;
  if (first || output.importedDocuments.length > 0) {
    wakeSearch(ctx.env, ctx.log, ctx.viewer.userId);
  }
  if (first) {
    const news = { type: "changed", chatId: first.chatId } as const;
    await publishNews(ctx.env, ctx.log, ctx.viewer.userId, news);
  }
  return output;
}

type Imported = Omit<ChatImportOutput["imported"][number], "index">;

/** The chats that an earlier request of this import saved, by key. */
async function findImported(
  ctx: UserContext,
  importId: string | undefined,
): Promise<ReadonlyMap<string | null, Imported>> {
  const rows = importId ? await listImported(ctx.content, ctx.viewer.userId, importId) : [];
  return new Map(rows.map(({ importKey, ...chat }) => [importKey, chat]));
}

async function importChat(
  ctx: UserContext,
  fileChat: FileChat,
  importKey: string | null,
  files: FileImport,
): Promise<Imported> {
  const { userId } = ctx.viewer;
  const now = systemClock();
  // A large chat takes a while to read. Other requests of this worker run in between.
  await breathe();
  const read = fileChat.read(now);
  await breathe();
  const checked = endOpenCalls(checkChat(read));
  await breathe();
  const canKeep = fileChat.keepsIds && (await areFree(ctx, checked));
  const chat = canKeep ? withOldIds(checked) : withNewIds(checked);
  await files.takeFrom(chat.messages);
  const { storage } = limitsOf(ctx.env, ctx.viewer);
  await insertChat(ctx.content, { userId, storage }, chat, now, importKey);
  return { chatId: chat.id, title: chat.title, messageCount: chat.messages.length };
}

/** Whether a chat can keep its ids: they are well-formed, and none is in use. */
async function areFree(ctx: UserContext, { id, messages }: ExportedChat): Promise<boolean> {
  const ids = messages.map((message) => message.id);
  if (![id, ...ids].every((one) => z.uuid().safeParse(one).success)) return false;
  const taken = await findTakenIds(ctx.content, ctx.viewer.userId, id, ids);
  return !taken.isChatTaken && !taken.isMessageTaken;
}

/** Gives a chat, its messages and its documents new ids, in ascending order of the messages. */
export function withNewIds(chat: ExportedChat): ExportedChat {
  const ids = new Map(chat.messages.map(({ id }) => [id, newId()]));
  const renamed = (id: string | null) => (id === null ? null : (ids.get(id) ?? null));
  const messages = chat.messages.map((message) => ({
    ...message,
    id: ids.get(message.id) ?? newId(),
    parentId: renamed(message.parentId),
  }));
  return {
    ...chat,
    id: newId(),
    currentMessageId: renamed(chat.currentMessageId),
    ...renameDocuments({ ...chat, messages }, ids),
  };
}

/** Keeps the ids of a chat and its messages, but not those of its documents. */
function withOldIds(chat: ExportedChat): ExportedChat {
  const ids = new Map(chat.messages.map(({ id }) => [id, id]));
  return { ...chat, ...renameDocuments(chat, ids) };
}
