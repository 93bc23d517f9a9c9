/** Reads the old database: one snapshot, read only, every value as text. */
import {
  type GroupKind,
  groupKinds,
  type RawGroup,
  type RawRow,
  type Source,
  type SourceGroup,
  type SourceShape,
} from "../model.ts";
import { quoted } from "../types/quoted.ts";
import { readCatalog } from "./catalog.ts";
import { type Connection, connect } from "./connect.ts";
import { type GroupOf, GroupQueries, partColumnOf } from "./groups.ts";
import { readShape } from "./shape.ts";
import { literal } from "./sql.ts";

export interface SourceOptions {
  /** The schema of the tables; `public` when left out. */
  readonly schema?: string;
  /** Epoch milliseconds: only groups with a row that was made since then. */
  readonly since?: number | null;
}

/** Rows that one fetch of a cursor brings. */
const fetchCount = 2_000;
/** Rows of texts, which may be large. */
const wideFetchCount = 200;

/**
 * Opens the old database.
 *
 * @param url a `postgres:` address
 * @throws SourceError with what to do
 */
export async function openSource(url: string, options: SourceOptions = {}): Promise<Source> {
  const connection = await connect(url);
  try {
    const schema = options.schema ?? "public";
    const shape = readShape(await readCatalog(connection, schema), schema);
    return new PostgresSource(connection, shape, options.since ?? null);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

interface GroupRow {
  readonly id: string;
  readonly digest: string;
  readonly bytes: string;
}

class PostgresSource implements Source {
  readonly shape: SourceShape;
  readonly #connection: Connection;
  readonly #queries: GroupQueries;
  readonly #since: number | null;
  #cursorCount = 0;

  constructor(connection: Connection, shape: SourceShape, since: number | null) {
    this.#connection = connection;
    this.shape = shape;
    this.#since = since;
    this.#queries = new GroupQueries(shape);
  }

  async *listGroups(kinds: readonly GroupKind[] = groupKinds): AsyncGenerator<SourceGroup> {
    for (const kind of groupKinds.filter((one) => kinds.includes(one))) {
      const recent = await this.#recentIds(kind);
      for (const statement of this.#listsOf(kind)) {
        for await (const row of this.#cursor<GroupRow>(statement, fetchCount)) {
          if (recent && !recent.has(row.id)) continue;
          yield { kind, id: row.id, digest: row.digest, bytes: Number(row.bytes) };
        }
      }
    }
  }

  #listsOf(kind: GroupKind): string[] {
    if (kind === "legacy") {
      return this.shape.legacyTables.map((table) => this.#queries.listLegacy(table));
    }
    const statement = this.#queries.list(kind);
    return statement === null ? [] : [statement];
  }

  /** Groups with a row since a time; null when all groups are wanted. */
  async #recentIds(kind: GroupKind): Promise<ReadonlySet<string> | null> {
    if (this.#since === null || kind === "legacy" || kind === "user") return null;
    const time = literal(new Date(this.#since).toISOString().replace("Z", ""));
    const tables: Record<typeof kind, readonly (readonly [table: string, id: string])[]> = {
      chat: [
        ["Chat", "id"],
        ["Message_v2", "chatId"],
        ["Message", "chatId"],
      ],
      document: [
        ["Document", "id"],
        ["Suggestion", "documentId"],
      ],
    };
    const found = tables[kind].filter(([table]) => this.#queries.has(table));
    const selects = found.map(
      ([table, id]) =>
        `SELECT ${quoted(id)}::text AS id FROM ${this.#queries.table(table)} WHERE "createdAt" >= ${time}`,
    );
    if (selects.length === 0) return new Set();
    const rows = await this.#connection.query<{ id: string }>(selects.join(" UNION "));
    return new Set(rows.map(({ id }) => id));
  }

  async readGroups(kind: GroupKind, ids: readonly string[]): Promise<readonly RawGroup[]> {
    if (ids.length === 0) return [];
    switch (kind) {
      case "user":
        return this.#readUsers(ids);
      case "chat":
        return this.#readChats(ids);
      case "document":
        return this.#readDocuments(ids);
      case "legacy":
        return this.#readLegacy(ids);
    }
  }

  async #readUsers(ids: readonly string[]): Promise<GroupOf<"user">[]> {
    const users = await this.#rowsOf("User", "id", ids);
    const accounts = await this.#rowsOf("Account", "userId", ids, ["createdAt", "id"]);
    const firstUses = await this.#firstUses(ids);
    return ids.flatMap((id) => {
      const [user] = users.get(id) ?? [];
      if (!user) return [];
      const known = this.#queries.has("Account") ? { accounts: accounts.get(id) ?? [] } : {};
      return [{ kind: "user", id, user, ...known, firstUsedAt: firstUses.get(id) ?? null }];
    });
  }

  async #readChats(ids: readonly string[]): Promise<GroupOf<"chat">[]> {
    const chats = await this.#rowsOf("Chat", "id", ids);
    const order = ["createdAt", "id"];
    const messages = await this.#rowsOf("Message_v2", "chatId", ids, order);
    const oldMessages = await this.#rowsOf("Message", "chatId", ids, order);
    const votes = await this.#rowsOf("Vote_v2", "chatId", ids, ["messageId"]);
    const oldVotes = await this.#rowsOf("Vote", "chatId", ids, ["messageId"]);
    const of = (rows: ReadonlyMap<string, readonly RawRow[]>, id: string) => rows.get(id) ?? [];
    return ids.flatMap((id) => {
      const [chat] = of(chats, id);
      if (!chat) return [];
      return [
        {
          ...{ kind: "chat", id, chat, messages: of(messages, id) },
          ...{ oldMessages: of(oldMessages, id), votes: of(votes, id), oldVotes: of(oldVotes, id) },
        },
      ];
    });
  }

  async #readDocuments(ids: readonly string[]): Promise<GroupOf<"document">[]> {
    const versions = await this.#rowsOf("Document", "id", ids, ["createdAt", "title"]);
    const suggestions = await this.#rowsOf("Suggestion", "documentId", ids, ["createdAt", "id"]);
    return ids.flatMap((id) => {
      const rows = versions.get(id);
      if (!rows) return [];
      return [{ kind: "document", id, versions: rows, suggestions: suggestions.get(id) ?? [] }];
    });
  }

  /** Parts are no index, so all that are wanted of a table are read in one pass over it. */
  async #readLegacy(ids: readonly string[]): Promise<GroupOf<"legacy">[]> {
    const groups: GroupOf<"legacy">[] = [];
    for (const [name, parts] of Map.groupBy(ids.map(readPartId), (id) => id.table)) {
      const table = this.shape.legacyTables.find((item) => item.name === name);
      if (!table) continue;
      const numbers = parts.map(({ part }) => part);
      const found = await this.#connection.query<RawRow>(this.#queries.readLegacy(table), [
        numbers,
      ]);
      const partColumn = partColumnOf(table);
      const byPart = Map.groupBy(found, (row) => row[partColumn]);
      for (const { id, part } of parts) {
        const rows = byPart.get(part)?.map(({ [partColumn]: _, ...row }) => row);
        if (rows) groups.push({ kind: "legacy", id, table, rows });
      }
    }
    return groups;
  }

  /** The rows of a table that belong to some groups, by the group's id. */
  async #rowsOf(
    table: string,
    column: string,
    ids: readonly string[],
    order: readonly string[] = [],
  ): Promise<ReadonlyMap<string, readonly RawRow[]>> {
    if (!this.#queries.has(table)) return new Map();
    const statement = this.#queries.read(table, column, order);
    const rows = await this.#connection.query<RawRow>(statement, [ids]);
    return Map.groupBy(rows, (row) => row[column] ?? "");
  }

  scan(table: string, columns?: readonly string[]): AsyncIterable<RawRow> {
    if (!this.#queries.has(table)) return noRows();
    const wanted = columns?.map(quoted).join(", ") ?? "*";
    const count = columns ? fetchCount : wideFetchCount;
    return this.#cursor<RawRow>(`SELECT ${wanted} FROM ${this.#queries.table(table)}`, count);
  }

  async count(table: string): Promise<number> {
    if (!this.#queries.has(table)) return 0;
    const [row] = await this.#connection.query<{ count: string }>(
      `SELECT count(*) FROM ${this.#queries.table(table)}`,
    );
    return Number(row?.count ?? 0);
  }

  async listChatsWith(texts: readonly string[]): Promise<readonly string[]> {
    const holds = (column: string) =>
      texts.map((text) => `strpos(${quoted(column)}::text, ${literal(text)}) > 0`).join(" OR ");
    const selects = [
      ...(this.#queries.has("Message_v2")
        ? [
            `SELECT "chatId"::text AS id FROM ${this.#queries.table("Message_v2")} WHERE ${holds("parts")}`,
          ]
        : []),
      ...(this.#queries.has("Message")
        ? [
            `SELECT "chatId"::text AS id FROM ${this.#queries.table("Message")} WHERE ${holds("content")}`,
          ]
        : []),
      ...(this.shape.messageForms.includes("inline")
        ? [`SELECT id::text FROM ${this.#queries.table("Chat")} WHERE ${holds("messages")}`]
        : []),
    ];
    if (selects.length === 0) return [];
    const rows = await this.#connection.query<{ id: string }>(selects.join(" UNION "));
    return rows.map(({ id }) => id).sort();
  }

  async listRepeatedMessageIds(): Promise<readonly string[]> {
    const tables = ["Message_v2", "Message"].filter((table) => this.#queries.has(table));
    if (tables.length < 2) return [];
    const [newer, older] = tables.map((table) => this.#queries.table(table));
    // Within one table an id is its key.
    const rows = await this.#connection.query<{ id: string }>(
      `SELECT newer.id::text AS id FROM ${newer} AS newer JOIN ${older} AS older USING (id)
      WHERE newer."chatId" <> older."chatId"`,
    );
    return rows.map(({ id }) => id);
  }

  readFirstUses(): Promise<ReadonlyMap<string, string>> {
    return this.#firstUses(null);
  }

  async #firstUses(ids: readonly string[] | null): Promise<ReadonlyMap<string, string>> {
    const tables = ["Chat", "Document"].filter((table) => this.#queries.has(table));
    const condition = ids === null ? "" : `WHERE "userId" = ANY ($1::uuid[])`;
    const rows = tables.map(
      (table) => `SELECT "userId", "createdAt" FROM ${this.#queries.table(table)} ${condition}`,
    );
    const found = await this.#connection.query<{ id: string; at: string }>(
      `SELECT "userId"::text AS id, min("createdAt") AS at FROM (${rows.join(" UNION ALL ")}) AS uses
      GROUP BY 1`,
      ids === null ? [] : [ids],
    );
    return new Map(found.map(({ id, at }) => [id, at]));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Reads a statement's rows piece by piece. Other statements may run meanwhile. */
  async *#cursor<Row>(statement: string, count: number): AsyncGenerator<Row> {
    this.#cursorCount += 1;
    const name = `import_${this.#cursorCount}`;
    await this.#connection.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${statement}`);
    try {
      for (;;) {
        const rows = await this.#connection.query<Row>(`FETCH ${count} FROM ${name}`);
        yield* rows;
        if (rows.length < count) return;
      }
    } finally {
      await this.#connection.query(`CLOSE ${name}`).catch(() => {});
    }
  }
}

/** Reads the id of a part of a legacy table: the table's name, a colon, the part. */
function readPartId(id: string) {
  const at = id.lastIndexOf(":");
  return { id, table: id.slice(0, at), part: id.slice(at + 1) };
}

async function* noRows(): AsyncGenerator<never> {}
