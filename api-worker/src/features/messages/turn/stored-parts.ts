import { isKnownPart } from "../../../contracts/part-schemas.ts";
import type { StoredMessage } from "../queries.ts";
import type { Message, Part } from "./rebuild-message.ts";

/**
 * Parses the JSON column of a message's parts. Leaves out parts that are not known, because earlier
 * imports did not check everything, and neither a page nor a model can do anything with them.
 *
 * @throws SyntaxError when the row does not hold JSON
 */
export function parseParts(json: string): Part[] {
  const stored: unknown = JSON.parse(json);
  // The schemas cover what readers and models use. The AI SDK, which made the parts, defines the
  // rest.
  return (Array.isArray(stored) ? stored.filter(isKnownPart) : []) as unknown as Part[];
}

/** Converts a stored message to the AI SDK's type. */
export function toUiMessage(message: Pick<StoredMessage, "id" | "role" | "parts">): Message {
  return { id: message.id, role: message.role, parts: parseParts(message.parts) };
}
