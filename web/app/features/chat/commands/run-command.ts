import { saveChats } from "../../transfer/save-chats.ts";

const formats = { "/export json": "json", "/export markdown": "markdown" } as const;

/** Whether a command exports the chat as a file. */
export function isExport(text: string): text is keyof typeof formats {
  return text in formats;
}

/**
 * Downloads a chat as a file.
 *
 * @throws what the API throws
 */
export async function saveChat(chatId: string, command: keyof typeof formats): Promise<void> {
  await saveChats(chatId, formats[command]);
}
