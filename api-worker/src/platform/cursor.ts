import { decodeBase64urlIgnorePadding, encodeBase64urlNoPadding } from "@oslojs/encoding";
import type { z } from "zod";
import { AppError } from "../errors.ts";

/** Encodes the sort key of a page's last row. Opaque to clients. */
export function encodeCursor(key: unknown): string {
  return encodeBase64urlNoPadding(new TextEncoder().encode(JSON.stringify(key)));
}

/**
 * Decodes a cursor made by {@link encodeCursor}.
 *
 * @param schema of the sort key
 * @throws AppError INVALID for any other text
 */
export function decodeCursor<Key>(schema: z.ZodType<Key>, cursor: string): Key {
  const parsed = schema.safeParse(readJson(cursor));
  if (parsed.success) return parsed.data;
  const message = "This page of the list can’t be found.";
  throw new AppError("INVALID", message, { fields: { cursor: message } });
}

function readJson(cursor: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(decodeBase64urlIgnorePadding(cursor)));
  } catch {
    return undefined;
  }
}
