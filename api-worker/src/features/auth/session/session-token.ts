import { constantTimeEqual } from "@oslojs/crypto/subtle";
import { decodeHex, encodeBase64urlNoPadding } from "@oslojs/encoding";
import { newId } from "../../../platform/ids.ts";
import { sha256Hex } from "../../../platform/sha256.ts";

/**
 * A session token is `id.secret`: the id finds the row, and the secret proves the right to it. A
 * lookup by id leaks nothing by its timing. The database holds only a hash, so reading it does not
 * allow logging in.
 *
 * @see https://lucia-auth.com/sessions/basic
 */
export interface SessionToken {
  readonly id: string;
  readonly secret: string;
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** 32 random bytes as base64url. */
const secretPattern = /^[A-Za-z0-9_-]{43}$/;

export function newSessionToken(): SessionToken {
  const secret = encodeBase64urlNoPadding(crypto.getRandomValues(new Uint8Array(32)));
  return { id: newId(), secret };
}

export function formatSessionToken({ id, secret }: SessionToken): string {
  return `${id}.${secret}`;
}

/** @returns null for text that cannot be one of our tokens */
export function parseSessionToken(text: string): SessionToken | null {
  const [id = "", secret = "", ...rest] = text.split(".");
  if (rest.length > 0 || !uuidPattern.test(id) || !secretPattern.test(secret)) return null;
  return { id, secret };
}

/** @returns SHA-256 of the secret, hex. A fast hash is enough for 256 random bits. */
export function hashSecret(secret: string): string {
  return sha256Hex(secret);
}

/** Compares a secret with the stored hash in constant time. */
export function isSecretOf(secret: string, secretHash: string): boolean {
  return constantTimeEqual(decodeHex(hashSecret(secret)), decodeHex(secretHash));
}
