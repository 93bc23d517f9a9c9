import type { DatabaseName, Target } from "../model.ts";

/**
 * The product's tables in the order in which their rows are written: a table follows those that its
 * keys refer to, and messages follow the uploads that a trigger links them with. Other tables come
 * last.
 */
const tableOrder: readonly string[] = [
  "users",
  "chats",
  "uploads",
  "messages",
  "votes",
  "documents",
  "documentVersions",
  "suggestions",
  "publicChats",
];

/** Compares tables by the order of writing. */
export function byTableOrder(a: string, b: string): number {
  const place = (table: string) => {
    const index = tableOrder.indexOf(table);
    return index < 0 ? tableOrder.length : index;
  };
  return place(a) - place(b);
}

const homeTables: ReadonlySet<string> = new Set(["users", "publicChats"]);

/** The database of a table. */
export function databaseOf(table: string): DatabaseName {
  return homeTables.has(table) ? "home" : "content";
}

/** The primary keys of the target's tables, each asked for once. */
export class TableKeys {
  readonly #target: Target;
  readonly #keys = new Map<string, Promise<readonly string[]>>();

  constructor(target: Target) {
    this.#target = target;
  }

  /** @throws Error when there is no such table, or it has no primary key */
  of(table: string): Promise<readonly string[]> {
    const known = this.#keys.get(table) ?? this.#read(table);
    this.#keys.set(table, known);
    return known;
  }

  /** @throws Error when the rows' key is not the table's: the ledger could not find them again */
  async expect(table: string, key: readonly string[]): Promise<void> {
    const own = await this.of(table);
    if (own.join(" ") === key.join(" ")) return;
    throw new Error(`The key of ${table} is (${own.join(", ")}), not (${key.join(", ")}).`);
  }

  async #read(table: string): Promise<readonly string[]> {
    const rows = await this.#target.query<{ name: string }>(databaseOf(table), {
      sql: "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk",
      params: [table],
    });
    if (rows.length === 0) throw new Error(`There is no table ${table} with a primary key.`);
    return rows.map(({ name }) => name);
  }
}
