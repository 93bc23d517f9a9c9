import {
  formatSessionToken,
  parseSessionToken,
  type SessionToken,
} from "../session/session-token.ts";

/** Lets people and secret scanners recognise a leaked token. */
const prefix = "alleato_";

/** A token as programs send it: the prefix, then `id.secret` as in a session token. */
export function formatBearerToken(token: SessionToken): string {
  return `${prefix}${formatSessionToken(token)}`;
}

/** @returns null for text that cannot be one of our tokens */
export function parseBearerToken(text: string): SessionToken | null {
  return text.startsWith(prefix) ? parseSessionToken(text.slice(prefix.length)) : null;
}

/**
 * Reads the token in a request's `Authorization: Bearer` header.
 *
 * @returns null without such a header; only then does the request's cookie count
 */
export function readBearer(request: Request): string | null {
  const [, text] = /^bearer(?: +(.*))?$/i.exec(request.headers.get("authorization") ?? "") ?? [
    null,
    null,
  ];
  return text === null ? null : (text ?? "").trim();
}
