import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { ChatImportOutput, chatImportInput } from "../../contracts/transfer.ts";
import { ownerOf } from "../../owner-context.ts";
import { breathe } from "../../platform/breathe.ts";
import { systemClock } from "../../platform/clock.ts";
import { jobObject } from "../../platform/job-object.ts";
import { countTry } from "../../platform/rate-limit.ts";
import { RequestBudget } from "../../platform/request-budget.ts";
import { keepGuest } from "../auth/guest/guests.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { publishNews } from "../news/news.ts";
import { wakeSearch } from "../search/note-changes.ts";
import { importDocuments } from "./documents/import-documents.ts";
import { FileImport } from "./file-import.ts";
import { GroupedSaves } from "./grouped-saves.ts";
import { inCopyLine } from "./in-copy-line.ts";
import { listImported } from "./queries.ts";
import { checkChat } from "./read/check-chat.ts";
import { endOpenCalls } from "./read/end-open-calls.ts";
import { reasonFor } from "./read/failure-reason.ts";
import type { FileChat } from "./read/file-chat.ts";
import { type FileContent, readFile } from "./read/read-file.ts";
import { untilNow } from "./read/until-now.ts";
import { type ReadChat, type SavedChat, saveReadChat } from "./save-chats.ts";

/** The calls of objects that an import makes: less than its 50 requests. */
const callsMax = 38;

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
  const budget = new RequestBudget(callsMax);
  await importInGroups(ctx, { chats, importId, budget, output });
  output.imported.sort((one, other) => one.index - other.index);
  output.failures.sort((one, other) => one.index - other.index);
  await importDocuments(ctx, documents, importId, { output, budget });
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

interface Work {
  readonly chats: readonly FileChat[];
  readonly importId: string | undefined;
  readonly budget: RequestBudget;
  readonly output: ChatImportOutput;
}

/** Reads the chats here, and lets objects save them, a group in each call. */
async function importInGroups(
  ctx: UserContext,
  { chats, importId, budget, output }: Work,
): Promise<void> {
  const owner = ownerOf(ctx);
  const { userId, contentShard } = owner;
  const { storage } = limitsOf(ctx.env, ctx.viewer);
  const known = await findImported(ctx, importId);
  const files = new FileImport(ctx, budget);
  const onFailure = (index: number, error: unknown) =>
    output.failures.push({
      index,
      title: chats[index]?.title ?? null,
      ...reasonFor(ctx, "chat", error),
    });
  const saves = new GroupedSaves<ReadChat, SavedChat>({
    budget,
    isRepeatable: importId !== undefined,
    send: (json) =>
      jobObject(ctx.env, `${userId}/import`).importChats({ userId, contentShard }, storage, json),
    save: (chat) => saveReadChat(owner, storage, chat),
    onResult({ index }, { isSaved, ...result }) {
      if (isSaved) output.imported.push({ index, ...(result as Imported) });
      else {
        const title = chats[index]?.title ?? null;
        output.failures.push({ index, title, ...(result as Reason) });
      }
    },
    onFailure: ({ index }, error) => onFailure(index, error),
  });
  for (const [index, fileChat] of chats.entries()) {
    const before = importId && known.get(`${importId}/${index}`);
    if (before) {
      output.imported.push({ index, ...before });
      continue;
    }
    try {
      const chat = await readChat(fileChat, files);
      await saves.add({
        ...{ index, chat, importId: importId ?? null },
        ids: fileChat.keepsIds ? "kept" : "new",
      });
    } catch (error) {
      onFailure(index, error);
    }
  }
  await saves.end();
}

type Imported = Omit<ChatImportOutput["imported"][number], "index">;
type Reason = ReturnType<typeof reasonFor>;

/** The chats that an earlier request of this import saved, by key. */
async function findImported(
  ctx: UserContext,
  importId: string | undefined,
): Promise<ReadonlyMap<string, Imported>> {
  const rows = importId ? await listImported(ctx.content, ctx.viewer.userId, importId) : [];
  return new Map(rows.map(({ importKey, ...chat }) => [importKey, chat]));
}

/** Reads and checks a chat, and stores its files. */
async function readChat(fileChat: FileChat, files: FileImport) {
  // A large chat takes a while to read. Other requests of this worker run in between.
  await breathe();
  const now = systemClock();
  const read = untilNow(fileChat.read(now), now);
  await breathe();
  const chat = endOpenCalls(checkChat(read));
  await breathe();
  await files.takeFrom(chat.messages);
  return chat;
}
