/**
 * What a guest has before the first message: a session token that nothing in the database knows of.
 * Making one costs no row. The first message makes the guest and the session that the ticket names,
 * so that the cookie stays as it is, and messages that are sent at once make one guest.
 *
 * Anyone could write a ticket of their own. It is good for becoming a new guest, which anyone may.
 */
import { sha256Hex } from "../../../platform/sha256.ts";
import {
  formatSessionToken,
  parseSessionToken,
  type SessionToken,
} from "../session/session-token.ts";

const prefix = "guest_";

/** @returns the ticket for a session, as the cookie has it */
export function formatGuestTicket(token: SessionToken): string {
  return prefix + formatSessionToken(token);
}

/** @returns the token of the session that a ticket is for; null for what is no ticket */
export function parseGuestTicket(text: string): SessionToken | null {
  return text.startsWith(prefix) ? parseSessionToken(text.slice(prefix.length)) : null;
}

/**
 * The id of the guest that a ticket is for: a UUID (version 8) of its hash. A ticket cannot be made
 * for the id of a user who exists already.
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
