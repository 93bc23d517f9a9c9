/**
 * The registry of content tables. It says what happens to their rows when a guest's content moves
 * to an account, when a chat is copied, and when the owner is deleted. The code that moves, copies
 * and deletes reads it. `content-tables.test.ts` fails for a table in the database that it lacks.
 * Sums over all users are not in it: their rows belong to no one.
 */
import type { ContentDatabase } from "./schema.ts";

/** A table: the owner of its rows, and the rules for them. */
export interface ContentTable {
  /** The column with the id of the user who owns a row. */
  readonly owner: string;
  /** The columns that hold ids of chats. A moving chat whose id is taken gets a new one. */
  readonly chatIds: readonly string[];
  /** The columns that hold ids of messages. They change in the same way. */
  readonly messageIds: readonly string[];
  /**
   * How rows move from a guest to an account (`features/carry`).
   * - `update`: only the owner's column changes.
   * - `merge`: a row is merged with the account's row of the same key.
   * - `own`: by a statement for this table.
   * - `none`: a guest has no such rows.
   */
  readonly carry: "update" | "merge" | "own" | "none";
  /**
   * Whether a fork of a chat gets copies of the rows (`features/transfer`).
   * - `rows`: they are inserted with the chat.
   * - `own`: by a function for this table, before the chat is inserted.
   * - `trigger`: triggers insert them.
   * - `none`: they stay with the original.
   */
  readonly fork: "rows" | "own" | "trigger" | "none";
  /** Whether an export file holds the rows, and an import inserts them again. */
  readonly file: "rows" | "trigger" | "none";
  /**
   * How rows are deleted with their owner (`features/deletion`).
   * - `own`: by a function for this table, which also deletes Durable Objects or bytes in R2.
   * - `cascade`: by a foreign key, with the row that they belong to.
   * - `statement`: by one DELETE for the owner, after all others.
   */
  readonly deletion: "own" | "cascade" | "statement";
}

/** Tables with sums over all users of the database. Triggers keep them, and no row has an owner. */
export const sumTables = [
  "contentDays",
  "answerDays",
  "voteDays",
] as const satisfies readonly (keyof ContentDatabase)[];

/** In the order in which rows can be inserted: a table follows those that its keys refer to. */
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
  // The bytes are in R2. A fork copies the files of another user; an export file holds only ids.
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
  documents: {
    owner: "userId",
    chatIds: ["chatId"],
    messageIds: [],
    carry: "update",
    fork: "rows",
    file: "rows",
    deletion: "statement",
  },
  documentVersions: {
    owner: "userId",
    chatIds: [],
    messageIds: ["messageId"],
    carry: "update",
    fork: "rows",
    file: "rows",
    deletion: "cascade",
  },
  documentFiles: {
    owner: "userId",
    chatIds: [],
    messageIds: [],
    carry: "update",
    fork: "trigger",
    file: "trigger",
    deletion: "cascade",
  },
  suggestions: {
    owner: "userId",
    chatIds: [],
    messageIds: ["messageId"],
    carry: "update",
    fork: "none",
    file: "rows",
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
  // Only programs write streams, and a guest has no API tokens. Each stream has an object.
  openStreams: {
    owner: "userId",
    chatIds: [],
    messageIds: [],
    carry: "none",
    fork: "none",
    file: "none",
    deletion: "own",
  },
  // What the owner's search index has to take over. A chat that moves, is copied or is imported is
  // entered anew for its new owner; triggers enter documents.
  searchChanges: {
    owner: "userId",
    chatIds: ["chatId"],
    messageIds: ["messageId"],
    carry: "own",
    fork: "rows",
    file: "none",
    deletion: "statement",
  },
  // One row for each owner, which triggers on the tables above keep. Each move of a row moves what it
  // counts.
  contentUse: {
    owner: "userId",
    chatIds: [],
    messageIds: [],
    carry: "merge",
    fork: "trigger",
    file: "none",
    deletion: "statement",
  },
  // Deleted chats whose objects still hold something.
  goneChats: {
    owner: "userId",
    chatIds: [],
    messageIds: [],
    carry: "update",
    fork: "none",
    file: "none",
    deletion: "own",
  },
} as const satisfies Record<
  Exclude<keyof ContentDatabase, (typeof sumTables)[number]>,
  ContentTable
>;

type Tables = typeof contentTables;
/** The rules for the rows of a table. */
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
