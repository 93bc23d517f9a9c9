import { z } from "zod";
import { messagePartSchema } from "../../../contracts/message-parts.ts";
import type { StoredMessage } from "../queries.ts";
import type { Message, Part } from "./rebuild-message.ts";

const partsSchema = z.array(messagePartSchema);

/**
 * Parses the JSON column of a message's parts.
 *
 * @throws ZodError or SyntaxError when the row holds something else
 */
export function parseParts(json: string): Part[] {
  // The schema checks what we rely on; the AI SDK, which made the parts, owns the rest.
  return partsSchema.parse(JSON.parse(json)) as unknown as Part[];
}

/** A stored message as the AI SDK knows it. */
export function toUiMessage(message: Pick<StoredMessage, "id" | "role" | "parts">): Message {
  return { id: message.id, role: message.role, parts: parseParts(message.parts) };
}
