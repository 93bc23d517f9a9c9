import type { ChatExportOutput } from "api-worker/contracts/transfer";
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
  const url = URL.createObjectURL(new Blob(texts, { type: mediaType }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
  return fileName;
}
