import type { ChatExportOutput } from "api-worker/contracts/transfer";
import { saveFile } from "../../lib/save-file.ts";
import { api } from "../../lib/trpc.ts";

export type ExportFormat = "json" | "markdown";

/**
 * Downloads a chat, or all chats, as a file. Browser only.
 *
 * @param chatId undefined for all chats
 * @returns the file's name
 * @throws what the API throws
 */
export async function saveChats(chatId: string | undefined, format: ExportFormat): Promise<string> {
  const texts: string[] = [];
  let cursor: string | null = null;
  let fileName = "";
  let mediaType = "";
  do {
    const piece: ChatExportOutput = await api.chats.export.query({ chatId, format, cursor });
    texts.push(piece.text);
    ({ fileName, mediaType, nextCursor: cursor } = piece);
  } while (cursor !== null);
  saveFile(fileName, texts, mediaType);
  return fileName;
}
