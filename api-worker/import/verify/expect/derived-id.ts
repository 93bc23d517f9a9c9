/**
 * Ids that are made from names. The product's rule for them, in words: a UUID of version 8 with the
 * first digits of the name's SHA-256, whose places for version and variant are set.
 */
import { hash } from "node:crypto";
import { canStay } from "./text-values.ts";

export function idFromName(name: string): string {
  const hex = hash("sha256", name, "hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The id that a chat, a document or a suggestion has in the target. */
export function idHere(id: string, place: "chat" | "document" | "suggestion"): string {
  return canStay(id) ? id : idFromName(`vercel ${place} ${id}`);
}

/** The id of a message that cannot keep its own. */
export function messageIdHere(chatId: string, sourceId: string): string {
  return idFromName(`vercel message ${chatId} ${sourceId}`);
}

/** The id of the file that a user has from an address. */
export function uploadIdFor(userId: string, url: string): string {
  return idFromName(`vercel file ${userId} ${url}`);
}
