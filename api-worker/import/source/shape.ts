import type { LegacyTable, SourceShape, SourceTable } from "../model.ts";
import { droppedTables, knownColumns, orphanRules } from "./known-tables.ts";
import { SourceError } from "./source-error.ts";

type Tables = ReadonlyMap<string, SourceTable>;

/**
 * Recognises the state of the template's schema.
 *
 * @throws SourceError when these are not the template's tables
 */
export function readShape(tables: Tables, schema: string): SourceShape {
  requireColumns(tables, schema);
  const has = (table: string, column?: string) =>
    tables.get(table)?.columns.some(({ name }) => name === column || column === undefined) ?? false;
  const messageForms = [
    ...(has("Chat", "messages") ? ["inline" as const] : []),
    ...(has("Message") ? ["v1" as const] : []),
    ...(has("Message_v2") ? ["v2" as const] : []),
  ];
  const kindColumn = ["kind", "text"].find((column) => has("Document", column)) ?? null;
  const unknownTables = [...tables.keys()].filter((table) => !isKnown(table));
  const unknownColumns = [...tables.values()].flatMap(({ name, columns }) => {
    const known = knownColumns.get(name);
    if (known === undefined) return [];
    const others = columns.map((column) => column.name).filter((column) => !known.includes(column));
    return others.length > 0 ? [{ table: name, columns: others }] : [];
  });
  return {
    tables,
    schema,
    description: describe(has),
    messageForms,
    documentKindColumn: kindColumn,
    unknownTables,
    unknownColumns,
    legacyTables: legacyTablesOf(tables, unknownTables, unknownColumns),
  };
}

function isKnown(table: string): boolean {
  return knownColumns.has(table) || droppedTables.some((dropped) => dropped === table);
}

function requireColumns(tables: Tables, schema: string): void {
  const needed = { User: ["id", "email"], Chat: ["id", "userId", "createdAt"] };
  for (const [table, columns] of Object.entries(needed)) {
    const found = tables.get(table);
    if (!found) {
      throw new SourceError(
        `There is no table "${table}" in the schema ${schema}, so this is not the template’s database, or this user may not see it. Found: ${[...tables.keys()].join(", ") || "no table"}.`,
      );
    }
    const missing = columns.find((column) => !found.columns.some(({ name }) => name === column));
    if (missing) throw new SourceError(`The table "${table}" has no column "${missing}".`);
  }
}

function describe(has: (table: string, column?: string) => boolean): string {
  const messages = has("Message_v2")
    ? `messages as parts (Message_v2)${has("Message") ? ", with the older table Message beside it" : ""}`
    : has("Message")
      ? "messages as core messages (Message)"
      : has("Chat", "messages")
        ? "messages inside of chats (Chat.messages)"
        : "no messages";
  const documents = has("Document")
    ? `documents${has("Document", "text") || has("Document", "kind") ? " with kinds" : ""}`
    : "no documents";
  const others = [
    ...(has("Chat", "visibility") ? ["shared chats"] : []),
    ...(has("Stream") ? ["streams"] : []),
    ...(has("Chat", "lastContext") ? ["token counts (Chat.lastContext)"] : []),
    ...(has("User", "isAnonymous") ? ["users with names and times"] : []),
    ...(has("Account") ? ["passwords in Account"] : []),
  ];
  return [messages, documents, ...others].join("; ");
}

/** What is kept in tables of their own: unknown tables, unknown columns, rows without a parent. */
function legacyTablesOf(
  tables: Tables,
  unknownTables: readonly string[],
  unknownColumns: SourceShape["unknownColumns"],
): LegacyTable[] {
  const names = new Set<string>();
  const name = (text: string) => uniqueName(`legacy_${text.replace(/[^A-Za-z0-9_]/g, "_")}`, names);
  const table = (source: string) => tables.get(source) as SourceTable;
  const whole = unknownTables.map((source): LegacyTable => {
    const { columns, primaryKey } = table(source);
    return { name: name(source), source, columns, key: primaryKey, rows: "all" };
  });
  const columns = unknownColumns.map(({ table: source, columns: others }): LegacyTable => {
    const { columns: all, primaryKey } = table(source);
    const wanted = all.filter((column) => [...primaryKey, ...others].includes(column.name));
    return { name: name(source), source, columns: wanted, key: primaryKey, rows: "all" };
  });
  const orphans = orphanRules.flatMap(({ table: source, parent }): LegacyTable[] => {
    const found = tables.get(source);
    if (!found || !tables.has(parent)) return [];
    const { columns: all, primaryKey } = found;
    return [
      {
        ...{ name: name(`${source}_without_${parent}`), source, columns: all, key: primaryKey },
        rows: "orphans",
      },
    ];
  });
  return [...whole, ...columns, ...orphans];
}

/** SQLite takes names of tables without regard to case. */
function uniqueName(wanted: string, taken: Set<string>): string {
  const base = wanted.slice(0, 60);
  let name = base;
  for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${base}_${count}`;
  taken.add(name.toLowerCase());
  return name;
}
