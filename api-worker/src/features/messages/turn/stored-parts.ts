import { z } from "zod";
import { messagePartSchema } from "../../../contracts/message-parts.ts";
import type { StoredMessage } from "../queries.ts";
import type { Message, Part } from "./rebuild-message.ts";

const partsSchema = z.array(messagePartSchema);

/**
 * Parses the JSON column of a message's parts.
 *
 * @throws ZodError or SyntaxError when the row holds anything else
 */
export function parseParts(json: string): Part[] {
  // The schema checks what we rely on. The AI SDK, which made the parts, defines the rest.
  return partsSchema.parse(JSON.parse(json)) as unknown as Part[];
}

/** Converts a stored message to the AI SDK's type. */
export function toUiMessage(message: Pick<StoredMessage, "id" | "role" | "parts">): Message {
  return { id: message.id, role: message.role, parts: parseParts(message.parts) };
}
