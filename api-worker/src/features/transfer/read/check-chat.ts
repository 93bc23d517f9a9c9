/** Checks a chat from outside for everything that the database and the product rely on. */
import { limits } from "../../../contracts/limits.ts";
import { readKnownPart } from "../../../contracts/part-schemas.ts";
import type { ExportedChat, ExportedMessage } from "../../../contracts/transfer.ts";
import { checkDocuments } from "../documents/check-documents.ts";
import { ImportFailure } from "./import-failure.ts";

type Part = ExportedMessage["parts"][number];

/**
 * Checks an imported chat.
 *
 * @returns the chat, with parts of known kinds and their fields only
 * @throws ImportFailure with the problem, worded for the person who chose the file
 */
export function checkChat(chat: ExportedChat): ExportedChat {
  const { messages, currentMessageId } = chat;
  if (messages.length > limits.importMessagesMax) {
    throw new ImportFailure(`A chat can have up to ${limits.importMessagesMax} messages.`);
  }
  const parents = new Map(messages.map(({ id, parentId }) => [id, parentId]));
  if (parents.size < messages.length) throw new ImportFailure("Two messages have the same id.");
  if (currentMessageId !== null && !parents.has(currentMessageId)) {
    throw new ImportFailure("The chat’s current message is missing.");
  }
  const checked = messages.map((message, index) => {
    if (message.parentId !== null && !parents.has(message.parentId)) {
      throw new ImportFailure(`Message ${index + 1} refers to a missing parent message.`);
    }
    return { ...message, parts: checkParts(message.parts, index) };
  });
  checkNoCircle(parents);
  checkDocuments(chat.documents);
  return { ...chat, messages: checked };
}

function checkParts(given: readonly Part[], index: number): Part[] {
  const parts = given.map((part) => {
    const known = readKnownPart(withFileFields(part));
    if (known) return known;
    const name = JSON.stringify(part.type.slice(0, 40));
    throw new ImportFailure(`Message ${index + 1} contains a part (${name}) that can’t be read.`);
  });
  const bytes = new TextEncoder().encode(JSON.stringify(parts)).length;
  if (bytes > limits.importMessageMaxBytes) {
    throw new ImportFailure(
      `Message ${index + 1} is too long. The limit is ${limits.importMessageMaxBytes} bytes.`,
    );
  }
  return parts;
}

/** The Next.js template calls a file's name `name`, and older exports leave out its type. */
function withFileFields(part: Part): Part {
  if (part.type !== "file") return part;
  const { filename = part.name, mediaType = "application/octet-stream" } = part;
  return { ...part, ...(filename !== undefined && { filename }), mediaType };
}

/** Walks up from each message to a message that was visited before, so each is visited once. */
function checkNoCircle(parents: ReadonlyMap<string, string | null>): void {
  const sound = new Set<string>();
  for (const start of parents.keys()) {
    const path = new Set<string>();
    for (let id: string | null = start; id !== null && !sound.has(id); ) {
      if (path.has(id)) throw new ImportFailure("Its messages form a loop.");
      path.add(id);
      id = parents.get(id) ?? null;
    }
    for (const id of path) sound.add(id);
  }
}
