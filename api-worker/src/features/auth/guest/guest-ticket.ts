/**
 * A guest's cookie before the first message: a session token that the database does not know, so
 * visitors who never write cost no row. The first message creates the guest and the session that
 * the ticket names. The cookie stays the same, and messages sent at the same time create one guest.
 *
 * Anyone could make up a ticket. It only allows becoming a new guest, which anyone may do.
 */
import { sha256Hex } from "../../../platform/sha256.ts";
import {
  formatSessionToken,
  parseSessionToken,
  type SessionToken,
} from "../session/session-token.ts";

const prefix = "guest_";

/** @returns the ticket for a session, as the cookie holds it */
export function formatGuestTicket(token: SessionToken): string {
  return prefix + formatSessionToken(token);
}

/** @returns the token of the session that a ticket names; null for text that is not a ticket */
export function parseGuestTicket(text: string): SessionToken | null {
  return text.startsWith(prefix) ? parseSessionToken(text.slice(prefix.length)) : null;
}

/**
 * The id of the guest that a ticket creates: a UUID (version 8) made from the ticket's hash. So no
 * ticket can be made up for the id of an existing user.
 */
export function guestUserId(token: SessionToken): string {
  const hex = sha256Hex(`guest ${formatSessionToken(token)}`);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}
