/** Checks a chat from outside for everything that the database and the product rely on. */
import { limits } from "../../../contracts/limits.ts";
import { dataPartOf } from "../../../contracts/message-parts.ts";
import type { ExportedChat, ExportedMessage } from "../../../contracts/transfer.ts";
import { ImportFailure } from "./import-failure.ts";

type Part = ExportedMessage["parts"][number];

const knownPart =
  /^(text|reasoning|step-start|file|source-url|source-document|dynamic-tool|tool-[\w-]{1,80}|data-[\w-]{1,80})$/;
const allowedUrl = /^(https?:\/\/|data:image\/(png|jpeg|gif|webp);|\/files\/)/i;

/**
 * Checks an imported chat.
 * @throws ImportFailure with the problem, worded for the person who chose the file
 */
export function checkChat({ messages, currentMessageId }: ExportedChat): void {
  if (messages.length > limits.importMessagesMax) {
    throw new ImportFailure(`A chat can have up to ${limits.importMessagesMax} messages.`);
  }
  const parents = new Map(messages.map(({ id, parentId }) => [id, parentId]));
  if (parents.size < messages.length) throw new ImportFailure("Two messages have the same id.");
  if (currentMessageId !== null && !parents.has(currentMessageId)) {
    throw new ImportFailure("The chat’s current message is missing.");
  }
  messages.forEach((message, index) => {
    if (message.parentId !== null && !parents.has(message.parentId)) {
      throw new ImportFailure(`Message ${index + 1} refers to a missing parent message.`);
    }
    checkParts(message.parts, index);
  });
  checkNoCircle(parents);
}

function checkParts(parts: readonly Part[], index: number): void {
  const wrong = parts.find((part) => !isKnownPart(part));
  if (wrong) {
    const name = JSON.stringify(wrong.type.slice(0, 40));
    throw new ImportFailure(`Message ${index + 1} contains a part (${name}) that can’t be read.`);
  }
  const bytes = new TextEncoder().encode(JSON.stringify(parts)).length;
  if (bytes > limits.importMessageMaxBytes) {
    throw new ImportFailure(
      `Message ${index + 1} is too long. The limit is ${limits.importMessageMaxBytes} bytes.`,
    );
  }
}

function isKnownPart(part: Part): boolean {
  const { type } = part;
  if (!knownPart.test(type)) return false;
  if (type === "text" || type === "reasoning") return typeof part.text === "string";
  if (type === "file" || type === "source-url") {
    return typeof part.url === "string" && allowedUrl.test(part.url);
  }
  if (type === "dynamic-tool" || type.startsWith("tool-")) {
    return typeof part.toolCallId === "string" && typeof part.state === "string";
  }
  const ours = dataPartOf(type);
  return ours === undefined || ours.data.safeParse(part.data).success;
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
