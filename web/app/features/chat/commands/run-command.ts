import { saveChats } from "../../transfer/save-chats.ts";

const formats = { "/export json": "json", "/export markdown": "markdown" } as const;

/** Whether a command saves the chat as a file. */
export function isExport(text: string): text is keyof typeof formats {
  return text in formats;
}

/** Saves a chat as a file on the reader's machine. @throws what the API throws */
export async function saveChat(chatId: string, command: keyof typeof formats): Promise<void> {
  await saveChats(chatId, formats[command]);
}
