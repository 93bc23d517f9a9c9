/** The full-text index of one person, in the SQLite database of the person's search object. */
import { divide } from "../text/divide.ts";
import { searchedTextMax } from "../text-of-message.ts";

/** The kinds of things that are found. Each has an index of its own. */
export const entryKinds = ["title", "message"] as const;
export type EntryKind = (typeof entryKinds)[number];

/** What is found: a chat's title (its id is the chat's), or a message. */
export interface Entry {
  readonly kind: EntryKind;
  readonly id: string;
  readonly chatId: string;
}

export interface Match extends Entry {
  /** A later entry has a higher number. */
  readonly rowId: number;
  /** BM25: the lower, the better. */
  readonly rank: number;
}

/** A type that SQL can give. */
type Row<T> = { [Key in keyof T]: T[Key] };

/** A page of an index, the newest entries first. */
export interface MatchWindow {
  readonly kind: EntryKind;
  /** In FTS5's language. */
  readonly expression: string;
  readonly untilRowId: number;
  readonly limit: number;
}

/**
 * Entries of one FTS5 table. BM25 counts how many rows of its table have a word, so the size of the
 * table, not of the account, bounds what a search for a common word costs.
 */
const shelfSize = 8_192;

/**
 * An index of titles and messages. It holds words, not texts. FTS5 takes the words as they come:
 * its tokenizer `ascii` separates at spaces and leaves all characters beyond ASCII alone.
 *
 * @see https://sqlite.org/fts5.html#contentless_delete_tables
 */
export class SearchIndex {
  readonly #sql: SqlStorage;
  readonly #shelves = new Set<string>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS entries (
        rowId INTEGER PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        chatId TEXT NOT NULL,
        UNIQUE (kind, id)
      ) STRICT;
      CREATE INDEX IF NOT EXISTS entriesByChat ON entries (chatId);`);
    this.findShelves();
  }

  /** Finds out which tables there are; also after a transaction that was rolled back. */
  findShelves(): void {
    this.#shelves.clear();
    const tables = this.#sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'",
    );
    for (const { name } of tables) this.#shelves.add(name);
  }

  /** Adds an entry, or replaces it. One whose text has no words is left out. */
  put(entry: Entry, text: string): void {
    this.remove(entry.kind, entry.id);
    const words = divide(text.slice(0, searchedTextMax)).map((token) => token.text);
    if (words.length === 0) return;
    const { rowId } = this.#sql
      .exec<{ rowId: number }>(
        `INSERT INTO entries (rowId, kind, id, chatId)
         SELECT coalesce(max(rowId), 0) + 1, ?, ?, ? FROM entries RETURNING rowId`,
        entry.kind,
        entry.id,
        entry.chatId,
      )
      .one();
    const shelf = this.#openShelf(entry.kind, rowId);
    this.#sql.exec(`INSERT INTO ${shelf} (rowid, words) VALUES (?, ?)`, rowId, words.join(" "));
  }

  remove(kind: EntryKind, id: string): void {
    const found = this.#sql.exec<{ rowId: number }>(
      "DELETE FROM entries WHERE kind = ? AND id = ? RETURNING rowId",
      kind,
      id,
    );
    for (const { rowId } of found.toArray()) this.#unshelve(kind, rowId);
  }

  /**
   * Removes up to `limit` entries of a chat.
   * @returns whether more may be left
   */
  removeOfChat(chatId: string, limit: number): boolean {
    const found = this.#sql
      .exec<{ rowId: number; kind: EntryKind }>(
        `DELETE FROM entries WHERE rowId IN (SELECT rowId FROM entries WHERE chatId = ? LIMIT ?)
         RETURNING rowId, kind`,
        chatId,
        limit,
      )
      .toArray();
    for (const { rowId, kind } of found) this.#unshelve(kind, rowId);
    return found.length === limit;
  }

  /** Removes everything. */
  clear(): void {
    for (const shelf of this.#shelves) this.#sql.exec(`DROP TABLE ${shelf}`);
    this.#shelves.clear();
    this.#sql.exec("DELETE FROM entries");
  }

  /** The newest entries that match, up to a limit. */
  match({ kind, expression, untilRowId, limit }: MatchWindow): Match[] {
    const matches: Match[] = [];
    for (const shelf of this.#shelvesDown(kind, untilRowId)) {
      const found = this.#sql.exec<Row<Match>>(
        `SELECT entries.rowId, kind, id, chatId, rank
         FROM (SELECT rowid AS rowId, bm25(${shelf}) AS rank FROM ${shelf}
           WHERE ${shelf} MATCH ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?) AS found
         CROSS JOIN entries ON entries.rowId = found.rowId
         ORDER BY entries.rowId DESC`,
        expression,
        untilRowId,
        limit - matches.length,
      );
      for (const match of found) matches.push(match);
      if (matches.length >= limit) break;
    }
    return matches;
  }

  #unshelve(kind: EntryKind, rowId: number): void {
    this.#sql.exec(`DELETE FROM ${shelfName(kind, shelfOf(rowId))} WHERE rowid = ?`, rowId);
  }

  #openShelf(kind: EntryKind, rowId: number): string {
    const name = shelfName(kind, shelfOf(rowId));
    if (!this.#shelves.has(name)) {
      this.#sql.exec(
        `CREATE VIRTUAL TABLE ${name} USING fts5(
          words, content = '', contentless_delete = 1, tokenize = 'ascii'
        )`,
      );
      this.#shelves.add(name);
    }
    return name;
  }

  /** The tables of a kind from the one with a row downwards. */
  *#shelvesDown(kind: EntryKind, rowId: number): Generator<string> {
    const numbers = [...this.#shelves]
      .filter((name) => name.startsWith(kind))
      .map((name) => Number(name.slice(kind.length)))
      .filter((number) => number <= shelfOf(rowId))
      .sort((a, b) => b - a);
    for (const number of numbers) yield shelfName(kind, number);
  }
}

function shelfOf(rowId: number): number {
  return Math.floor(rowId / shelfSize);
}

function shelfName(kind: EntryKind, shelf: number): string {
  return `${kind}${shelf}`;
}
