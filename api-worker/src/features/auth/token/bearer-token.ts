import {
  formatSessionToken,
  parseSessionToken,
  type SessionToken,
} from "../session/session-token.ts";

/** Tells people, and programs that look for leaked secrets, what this is. */
const prefix = "alleato_";

/** A token as a program sends it: the prefix, then `id.secret` like a session's. */
export function formatBearerToken(token: SessionToken): string {
  return `${prefix}${formatSessionToken(token)}`;
}

/** @returns null for what was never a token of ours */
export function parseBearerToken(text: string): SessionToken | null {
  return text.startsWith(prefix) ? parseSessionToken(text.slice(prefix.length)) : null;
}

/**
 * What a request says in `Authorization: Bearer`.
 *
 * @returns null when it carries no such header: then its cookie counts, and else it does not
 */
export function readBearer(request: Request): string | null {
  const [, text] = /^bearer(?: +(.*))?$/i.exec(request.headers.get("authorization") ?? "") ?? [
    null,
    null,
  ];
  return text === null ? null : (text ?? "").trim();
}
