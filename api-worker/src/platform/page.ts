/** Pages of a list that is ordered by a number and an id. */
import { sql } from "db";
import { z } from "zod";
import { decodeCursor, encodeCursor } from "./cursor.ts";

/** The sort key of a row: epoch milliseconds or bytes, then the id, which makes it unique. */
export type PageKey = readonly [value: number, id: string];

const pageKeySchema = z.tuple([z.int(), z.string().max(100)]);

/** What a query needs to read a page. */
export interface PageRequest {
  /** The key of the last row of the previous page; null for the first page. */
  readonly after: PageKey | null;
  /** Rows to read: one more than the page has, which tells whether there is another page. */
  readonly limit: number;
}

/**
 * @param cursor `nextCursor` of the previous page; null or undefined for the first page
 * @throws AppError INVALID for a cursor of another origin
 */
export function pageRequest(limit: number, cursor: string | null | undefined): PageRequest {
  return { after: cursor == null ? null : decodeCursor(pageKeySchema, cursor), limit: limit + 1 };
}

/**
 * The condition for rows after a key. An index in the list's order serves it.
 *
 * @param columns the number and the id by which the list is ordered
 * @param order of both columns
 */
export function isAfter(
  columns: readonly [string, string],
  key: PageKey,
  order: "asc" | "desc" = "desc",
) {
  const [value, id] = columns;
  const comparison = order === "desc" ? sql`<` : sql`>`;
  return sql<boolean>`(${sql.ref(value)}, ${sql.ref(id)}) ${comparison} (${key[0]}, ${key[1]})`;
}

/**
 * Makes a page of the rows that a query with a {@link PageRequest} has read.
 *
 * @param limit rows of a page
 * @param keyOf the sort key of a row
 */
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => PageKey,
): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : encodeCursor(keyOf(last)) };
}
