/** The full-text index of one person, in the SQLite database of the person's search object. */
import { searchedTextMax } from "../searched-text.ts";
import { divide } from "../text/divide.ts";

/** The kinds of things that are found. Each has an index of its own. */
export const entryKinds = ["title", "documentTitle", "message", "document"] as const;
export type EntryKind = (typeof entryKinds)[number];

/** What is found: a chat's title (its id is the chat's), a message, or a document's title or text. */
export interface Entry {
  readonly kind: EntryKind;
  readonly id: string;
  /** The chat that it goes with; empty for a document, which comes and goes by itself. */
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

/** What one shelf gives to a search. */
export interface ShelfMatches {
  readonly matches: readonly Match[];
  /** How many words the shelf has, which bounds what it cost. */
  readonly words: number;
}

/**
 * A shelf is one FTS5 table. Another begins after so many entries or words. BM25 counts each place
 * of a word in its table, so the size of the table, not of the account, bounds what a search for a
 * common word costs at once.
 */
export const shelfBounds = { entries: 8_192, words: 400_000 };

type Shelf = {
  readonly name: string;
  readonly kind: EntryKind;
  /** It has the entries of its kind from this one up to the next shelf's first. */
  readonly firstRowId: number;
  readonly entries: number;
  /** Those of removed entries too. */
  readonly words: number;
};

/**
 * An index of titles, messages and documents. It holds words, not texts. FTS5 takes the words as
 * they come: its tokenizer `ascii` separates at spaces and leaves all characters beyond ASCII alone.
 *
 * @see https://sqlite.org/fts5.html#contentless_delete_tables
 */
export class SearchIndex {
  readonly #sql: SqlStorage;

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
      CREATE INDEX IF NOT EXISTS entriesByChat ON entries (chatId);
      CREATE TABLE IF NOT EXISTS shelves (
        kind TEXT NOT NULL,
        firstRowId INTEGER NOT NULL,
        name TEXT NOT NULL,
        entries INTEGER NOT NULL DEFAULT 0,
        words INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (kind, firstRowId)
      ) STRICT, WITHOUT ROWID;`);
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
    this.#sql.exec(
      `INSERT INTO ${shelf.name} (rowid, words) VALUES (?, ?)`,
      rowId,
      words.join(" "),
    );
    this.#count(shelf, 1, words.length);
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
    const tables = this.#sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'",
      )
      .toArray();
    for (const { name } of tables) this.#sql.exec(`DROP TABLE ${name}`);
    this.#sql.exec("DELETE FROM shelves");
    this.#sql.exec("DELETE FROM entries");
  }

  /**
   * The newest entries that match, up to a limit, shelf by shelf. The index may change between two
   * shelves.
   */
  *match({ kind, expression, untilRowId, limit }: MatchWindow): Generator<ShelfMatches, void> {
    let left = limit;
    let shelf = this.#shelfOf(kind, untilRowId);
    while (shelf && left > 0) {
      const matches = this.#sql
        .exec<Row<Match>>(
          `SELECT entries.rowId, kind, id, chatId, rank
           FROM (SELECT rowid AS rowId, bm25(${shelf.name}) AS rank FROM ${shelf.name}
             WHERE ${shelf.name} MATCH ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?) AS found
           CROSS JOIN entries ON entries.rowId = found.rowId
           ORDER BY entries.rowId DESC`,
          expression,
          untilRowId,
          left,
        )
        .toArray();
      left -= matches.length;
      yield { matches, words: shelf.words };
      shelf = this.#shelfOf(kind, shelf.firstRowId - 1);
    }
  }

  #unshelve(kind: EntryKind, rowId: number): void {
    const shelf = this.#shelfOf(kind, rowId);
    if (!shelf) return;
    this.#sql.exec(`DELETE FROM ${shelf.name} WHERE rowid = ?`, rowId);
    this.#count(shelf, -1, 0);
    if (shelf.entries > 1) return;
    const last = this.#shelfOf(kind, Number.MAX_SAFE_INTEGER);
    if (last?.name !== shelf.name) this.#drop(shelf);
  }

  /** The shelf with an entry, or for a new one that comes after all others. */
  #shelfOf(kind: EntryKind, rowId: number): Shelf | undefined {
    return this.#sql
      .exec<Shelf>(
        `SELECT kind, firstRowId, name, entries, words FROM shelves
         WHERE kind = ? AND firstRowId <= ? ORDER BY firstRowId DESC LIMIT 1`,
        kind,
        rowId,
      )
      .toArray()[0];
  }

  /** The shelf for a new entry. */
  #openShelf(kind: EntryKind, rowId: number): Shelf {
    const last = this.#shelfOf(kind, rowId);
    const isFull = !last || last.entries >= shelfBounds.entries || last.words >= shelfBounds.words;
    if (last && !isFull) return last;
    // A full shelf without entries: its first row number may be given to a new entry, whose table
    // would have the same name.
    if (last?.entries === 0) this.#drop(last);
    const name = `${kind}${rowId}`;
    this.#sql.exec(
      `CREATE VIRTUAL TABLE ${name} USING fts5(
        words, content = '', contentless_delete = 1, tokenize = 'ascii'
      )`,
    );
    const insert = "INSERT INTO shelves (kind, firstRowId, name) VALUES (?, ?, ?)";
    this.#sql.exec(insert, kind, rowId, name);
    return { kind, firstRowId: rowId, name, entries: 0, words: 0 };
  }

  #count({ kind, firstRowId }: Shelf, entries: number, words: number): void {
    this.#sql.exec(
      `UPDATE shelves SET entries = entries + ?, words = words + ?
       WHERE kind = ? AND firstRowId = ?`,
      entries,
      words,
      kind,
      firstRowId,
    );
  }

  #drop({ kind, firstRowId, name }: Shelf): void {
    this.#sql.exec(`DROP TABLE ${name}`);
    this.#sql.exec("DELETE FROM shelves WHERE kind = ? AND firstRowId = ?", kind, firstRowId);
  }
}
