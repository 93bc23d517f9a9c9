/** Which ids stay, and what others become. The same row has always the same id. */
import { z } from "zod";
import { derivedId } from "../../src/platform/derived-id.ts";

const idSchema = z.uuid();

/** Whether the product takes this id where it asks for one. */
export function isOurId(id: string): boolean {
  return idSchema.safeParse(id).success && id === id.toLowerCase();
}

/**
 * The id that a row of the source has here. A UUID stays. Any other text, and a UUID of no version,
 * which the product's procedures refuse, becomes one that is made from its place.
 *
 * @param place what the id belongs to, such as `chat`
 */
export function keptId(id: string, place: string): string {
  return isOurId(id) ? id : derivedId(`vercel ${place} ${id}`);
}

/** The id of a message that cannot keep its own. */
export function messageIdFor(chatId: string, id: string): string {
  return derivedId(`vercel message ${chatId} ${id}`);
}
