/**
 * What happens to the rows of each content table when a guest's content moves to an account, when a
 * chat is copied, and when their owner is deleted. The code that does these things is driven by this
 * registry, and `content-tables.test.ts` fails for a table of the database that is not in it.
 */
import type { ContentDatabase } from "./schema.ts";

/** One table: who owns its rows, and what happens to them. */
export interface ContentTable {
  /** The column with the id of the user who owns a row. */
  readonly owner: string;
  /** The columns with ids of chats. They change when a chat that moves to another owner is renamed. */
  readonly chatIds: readonly string[];
  /** The columns with ids of messages; the same for them. */
  readonly messageIds: readonly string[];
  /**
   * How rows move from a guest to an account (`features/carry`).
   * - `update`: the owner's column changes, nothing else.
   * - `merge`: a row is joined with the account's row of the same key.
   * - `own`: in a way of its own.
   * - `trigger`: triggers do it when the rows move that this table is about.
   * - `none`: a guest has no such rows.
   */
  readonly carry: "update" | "merge" | "own" | "trigger" | "none";
  /**
   * Whether a new chat that is copied from another gets copies of the rows (`features/transfer`).
   * - `rows`: they are inserted with the chat.
   * - `own`: in a way of their own, before the chat is inserted.
   * - `trigger`: triggers make them for the copy.
   * - `none`: they stay with the original.
   */
  readonly fork: "rows" | "own" | "trigger" | "none";
  /** The same for an export file, and for the chats that are imported from one. */
  readonly file: "rows" | "trigger" | "none";
  /**
   * How rows are deleted with their owner (`features/deletion`).
   * - `own`: in a way of its own, because more than rows must go: objects, bytes in R2.
   * - `cascade`: a foreign key deletes them with the row that they belong to.
   * - `trigger`: triggers delete them.
   * - `statement`: one DELETE for the owner, after all others.
   */
  readonly deletion: "own" | "cascade" | "trigger" | "statement";
}

/** The tables in the order in which rows can be inserted: a foreign key leads upwards. */
export const contentTables = {
  chats: {
    owner: "userId",
    chatIds: ["id"],
    messageIds: ["currentMessageId"],
    carry: "own",
    fork: "rows",
    file: "rows",
    deletion: "own",
  },
  messages: {
    owner: "userId",
    chatIds: ["chatId"],
    messageIds: ["id", "parentId"],
    carry: "update",
    fork: "rows",
    file: "rows",
    deletion: "cascade",
  },
  votes: {
    owner: "userId",
    chatIds: [],
    messageIds: ["messageId"],
    carry: "update",
    fork: "none",
    file: "rows",
    deletion: "cascade",
  },
  // The bytes are in R2. A fork copies another user's files; a file of chats names them by id alone.
  uploads: {
    owner: "userId",
    chatIds: ["chatId"],
    messageIds: [],
    carry: "update",
    fork: "own",
    file: "none",
    deletion: "own",
  },
  messageFiles: {
    owner: "userId",
    chatIds: ["chatId"],
    messageIds: ["messageId"],
    carry: "update",
    fork: "trigger",
    file: "trigger",
    deletion: "cascade",
  },
  usageDays: {
    owner: "userId",
    chatIds: [],
    messageIds: [],
    carry: "merge",
    fork: "none",
    file: "none",
    deletion: "statement",
  },
  preferences: {
    owner: "userId",
    chatIds: [],
    messageIds: [],
    carry: "merge",
    fork: "none",
    file: "none",
    deletion: "statement",
  },
  // Only a program writes streams, and a guest has no API tokens. Each stream is in an object.
  openStreams: {
    owner: "userId",
    chatIds: [],
    messageIds: [],
    carry: "none",
    fork: "none",
    file: "none",
    deletion: "own",
  },
  // A user's number in the search index. The first chat makes it, and it is of no use to others.
  searchOwners: {
    owner: "userId",
    chatIds: [],
    messageIds: [],
    carry: "own",
    fork: "trigger",
    file: "trigger",
    deletion: "statement",
  },
  searchRows: {
    owner: "userId",
    chatIds: ["chatId"],
    messageIds: ["messageId"],
    carry: "trigger",
    fork: "trigger",
    file: "trigger",
    deletion: "trigger",
  },
} as const satisfies Record<keyof ContentDatabase, ContentTable>;

/**
 * What else the content database has: no rows with an owner. Triggers on `searchRows` keep the
 * full-text index (its shadow tables are SQLite's own), and the view makes the words for it.
 */
export const derivedTables = {
  searchIndex: "virtual",
  searchWords: "view",
} as const;

type Tables = typeof contentTables;
/** What the registry says about the rows of a table. */
type Rule = "carry" | "fork" | "file" | "deletion";

/** The names of the tables whose rule is `Value`. */
export type TableWith<Key extends Rule, Value extends ContentTable[Key]> = {
  [Name in keyof Tables]: Tables[Name][Key] extends Value ? Name : never;
}[keyof Tables];

/** Lists the tables whose rule is `value`, in the order of the registry. */
export function tablesWith<Key extends Rule, const Value extends ContentTable[Key]>(
  rule: Key,
  value: Value,
): TableWith<Key, Value>[] {
  const entries = Object.entries<ContentTable>(contentTables);
  const names = entries.filter(([, table]) => table[rule] === value).map(([name]) => name);
  return names as TableWith<Key, Value>[];
}
