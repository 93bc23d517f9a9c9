import type { ChatExportOutput } from "api-worker/contracts/transfer";
import { api } from "../../../lib/trpc.ts";

const formats = {
  "/export json": { format: "json" },
  "/export markdown": { format: "markdown" },
} as const;

/** Whether a command saves the chat as a file. */
export function isExport(text: string): text is keyof typeof formats {
  return text in formats;
}

/** Saves a chat as a file on the reader's machine. @throws what the API throws */
export async function saveChat(chatId: string, command: keyof typeof formats): Promise<void> {
  const { format } = formats[command];
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
}
