import type { GroupKind, LegacyTable, RawGroup, SourceShape } from "../model.ts";
import { quoted } from "../types/quoted.ts";
import { orphanRules } from "./known-tables.ts";
import { digestOfHashes, hashedRows, literal } from "./sql.ts";

/** A part of every digest: another number copies every group again, because its rows are another. */
const conversionVersion = "2";

/** Parts of a legacy table. The number never changes, or rows would change their group. */
const legacyParts = 64;

/** Statements and names for groups of one source. */
export class GroupQueries {
  readonly #shape: SourceShape;

  constructor(shape: SourceShape) {
    this.#shape = shape;
  }

  /** The name of a table with its schema. */
  table(name: string): string {
    return `${quoted(this.#shape.schema)}.${quoted(name)}`;
  }

  has(table: string): boolean {
    return this.#shape.tables.has(table);
  }

  /** Lists the groups of one kind: id, digest, bytes, in the order of ids; null for none. */
  list(kind: GroupKind): string | null {
    switch (kind) {
      case "user":
        return this.#listUsers();
      case "chat":
        return this.#listChats();
      case "document":
        return this.has("Document") ? this.#listDocuments() : null;
      case "legacy":
        return null;
    }
  }

  #listUsers(): string {
    const accounts = this.has("Account") ? this.#digests("Account", "userId") : null;
    return this.#join("User", "TRUE", accounts ? [accounts] : []);
  }

  #listChats(): string {
    const tables = ["Message_v2", "Message", "Vote_v2", "Vote"].filter((name) => this.has(name));
    const parts = tables.map((name) => this.#digests(name, "chatId"));
    return this.#join("Chat", this.#hasParent("Chat"), parts);
  }

  #listDocuments(): string {
    const suggestions = this.has("Suggestion") ? this.#digests("Suggestion", "documentId") : null;
    const versions = this.#digests("Document", "id", this.#hasParent("Document"));
    return joined(versions, suggestions ? [suggestions] : [], this.#salt("Document"));
  }

  /** The rows of a table with one row for each group, and digests of tables that refer to it. */
  #join(table: string, condition: string, parts: readonly string[]): string {
    const own = hashedRows(this.#texts(table, "id", condition));
    return joined(`(SELECT id, hash AS digest, bytes FROM ${own})`, parts, this.#salt(table));
  }

  /** Digests of a table's rows by the group that a column names. */
  #digests(table: string, column: string, condition = "TRUE"): string {
    return `(SELECT id, ${digestOfHashes} AS digest, sum(bytes) AS bytes
      FROM ${hashedRows(this.#texts(table, column, condition))} GROUP BY id)`;
  }

  /** Every row as text. A column may be named `row`, so the row is told by all of its columns. */
  #texts(table: string, column: string, condition: string): string {
    return `SELECT row.${quoted(column)} AS id, ROW(row.*)::text AS text
      FROM ${this.table(table)} AS row WHERE ${condition}`;
  }

  /** A row's text has no names of columns, so they are part of the digest. */
  #salt(table: string): string {
    const columns = this.#shape.tables.get(table)?.columns ?? [];
    return [conversionVersion, ...columns.map(({ name, type }) => `${name} ${type}`)].join(",");
  }

  /** Whether a row's parent exists and has its own parent: the rows of an orphan are orphans too. */
  #hasParent(table: string, row = "row"): string {
    const rule = orphanRules.find((item) => item.table === table);
    if (!rule || !this.has(rule.parent)) return "TRUE";
    const parent = `parent_of_${row}`;
    return `EXISTS (SELECT 1 FROM ${this.table(rule.parent)} AS ${parent}
      WHERE ${parent}.id = ${row}.${quoted(rule.column)} AND ${this.#hasParent(rule.parent, parent)})`;
  }

  /** Lists the parts of a legacy table. */
  listLegacy(table: LegacyTable): string {
    const salt = table.columns.map(({ name, type }) => `${name} ${type}`).join(",");
    const texts = `SELECT ${this.#part(table)} AS id, ROW(${names(table)})::text AS text
      ${this.#legacyRows(table)}`;
    return `SELECT ${literal(`${table.name}:`)} || id AS id,
      md5(concat_ws('|', ${literal(salt)}, ${digestOfHashes})) AS digest, sum(bytes) AS bytes
      FROM ${hashedRows(texts)} GROUP BY hashes.id ORDER BY hashes.id`;
  }

  /** Reads the rows of some parts of a legacy table, equal rows one after the other. */
  readLegacy(table: LegacyTable): string {
    const part = this.#part(table);
    return `SELECT ${part} AS ${quoted(partColumnOf(table))}, ${names(table)} ${this.#legacyRows(table)}
      AND ${part} = ANY ($1::int[]) ORDER BY ROW(${names(table)})::text COLLATE "C"`;
  }

  #legacyRows({ source, rows }: LegacyTable): string {
    const condition = rows === "all" ? "TRUE" : `NOT (${this.#hasParent(source)})`;
    return `FROM ${this.table(source)} AS row WHERE ${condition}`;
  }

  #part(table: LegacyTable): string {
    const key = table.key.length > 0 ? table.key.map(quoted).join(", ") : names(table);
    return `(('x' || substr(md5(ROW(${key})::text), 1, 4))::bit(16)::int % ${legacyParts})`;
  }

  /** Reads the rows of a table that belong to some groups. */
  read(table: string, column: string, order: readonly string[]): string {
    const places = order.filter((name) => this.#hasColumn(table, name)).map(quoted);
    const ordering = [quoted(column), ...places].join(", ");
    return `SELECT row.* FROM ${this.table(table)} AS row
      WHERE ${quoted(column)} = ANY ($1::uuid[]) AND ${this.#hasParent(table)} ORDER BY ${ordering}`;
  }

  #hasColumn(table: string, column: string): boolean {
    return this.#shape.tables.get(table)?.columns.some(({ name }) => name === column) ?? false;
  }
}

/** The name under which `readLegacy` gives a row's part: one that no column of the table has. */
export function partColumnOf({ columns }: LegacyTable): string {
  let name = "part";
  while (columns.some((column) => column.name === name)) name += "_";
  return name;
}

function names(table: LegacyTable): string {
  return table.columns.map(({ name }) => `row.${quoted(name)}`).join(", ");
}

function joined(own: string, parts: readonly string[], salt: string): string {
  const digests = parts.map((_, index) => `coalesce(part${index}.digest, '')`);
  const bytes = parts.map((_, index) => `+ coalesce(part${index}.bytes, 0)`);
  const joins = parts.map((part, index) => `LEFT JOIN ${part} AS part${index} USING (id)`);
  return `SELECT id::text AS id,
    md5(concat_ws('|', ${[literal(salt), "own.digest", ...digests].join(", ")})) AS digest,
    (own.bytes ${bytes.join(" ")})::text AS bytes
    FROM ${own} AS own ${joins.join(" ")} ORDER BY own.id`;
}

/** The raw group of a kind, from rows by their group's id. */
export type GroupOf<Kind extends GroupKind> = Extract<RawGroup, { kind: Kind }>;
