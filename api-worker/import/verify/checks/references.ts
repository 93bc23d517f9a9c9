/** Checks of what the tables say of each other. They know nothing of the source. */
import type { Target, Value } from "../../model.ts";
import type { Differences } from "../verification.ts";
import { checkUse } from "./storage-use.ts";

/** A query for rows that refer to something that is not there. */
interface ReferenceCheck {
  readonly name: string;
  readonly table: string;
  /** The columns that name a row in the report. */
  readonly key: readonly string[];
  readonly column: string;
  /** The table, as `row`, and the condition under which a reference is broken. */
  readonly from: string;
}

const noMessage = (id: string) =>
  `NOT EXISTS (SELECT 1 FROM messages WHERE messages.userId = row.userId AND messages.id = ${id})`;
const noUpload = `NOT EXISTS (SELECT 1 FROM uploads WHERE uploads.userId = row.userId AND uploads.id = row.uploadId)`;
const noVersion = `NOT EXISTS (SELECT 1 FROM documentVersions AS other WHERE other.userId = row.userId AND other.documentId = row.documentId AND other.version = row.version)`;
const noDocument = `NOT EXISTS (SELECT 1 FROM documents WHERE documents.userId = row.userId AND documents.id = row.documentId)`;

const checks: readonly ReferenceCheck[] = [
  {
    name: "messages have a chat",
    table: "messages",
    key: ["userId", "id"],
    column: "chatId",
    from: "messages AS row WHERE NOT EXISTS (SELECT 1 FROM chats WHERE chats.userId = row.userId AND chats.id = row.chatId)",
  },
  {
    name: "messages follow a message of their chat",
    table: "messages",
    key: ["userId", "id"],
    column: "parentId",
    from: "messages AS row WHERE row.parentId IS NOT NULL AND NOT EXISTS (SELECT 1 FROM messages AS parent WHERE parent.userId = row.userId AND parent.id = row.parentId AND parent.chatId = row.chatId)",
  },
  {
    name: "chats show one of their messages",
    table: "chats",
    key: ["userId", "id"],
    column: "currentMessageId",
    from: "chats AS row WHERE row.currentMessageId IS NOT NULL AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.userId = row.userId AND messages.id = row.currentMessageId AND messages.chatId = row.id)",
  },
  {
    name: "votes have a message",
    table: "votes",
    key: ["userId", "messageId"],
    column: "messageId",
    from: `votes AS row WHERE ${noMessage("row.messageId")}`,
  },
  {
    name: "files of messages have a message",
    table: "messageFiles",
    key: ["userId", "messageId", "uploadId"],
    column: "messageId",
    from: `messageFiles AS row WHERE ${noMessage("row.messageId")}`,
  },
  {
    name: "files of messages are stored",
    table: "messageFiles",
    key: ["userId", "messageId", "uploadId"],
    column: "uploadId",
    from: `messageFiles AS row WHERE ${noUpload}`,
  },
  {
    name: "documents of chats have a chat",
    table: "documents",
    key: ["userId", "id"],
    column: "chatId",
    from: "documents AS row WHERE row.chatId IS NOT NULL AND NOT EXISTS (SELECT 1 FROM chats WHERE chats.userId = row.userId AND chats.id = row.chatId)",
  },
  {
    name: "documents have their newest version",
    table: "documents",
    key: ["userId", "id"],
    column: "version",
    from: "documents AS row WHERE row.version IS NOT (SELECT max(version) FROM documentVersions WHERE documentVersions.userId = row.userId AND documentVersions.documentId = row.id)",
  },
  {
    name: "versions have a document",
    table: "documentVersions",
    key: ["userId", "documentId", "version"],
    column: "documentId",
    from: `documentVersions AS row WHERE ${noDocument}`,
  },
  {
    name: "suggestions have a document",
    table: "suggestions",
    key: ["userId", "documentId", "id"],
    column: "documentId",
    from: `suggestions AS row WHERE ${noDocument}`,
  },
  {
    name: "suggestions have their version",
    table: "suggestions",
    key: ["userId", "documentId", "id"],
    column: "version",
    from: `suggestions AS row WHERE ${noVersion}`,
  },
  {
    name: "pictures of documents have a version",
    table: "documentFiles",
    key: ["userId", "documentId", "version", "uploadId"],
    column: "version",
    from: `documentFiles AS row WHERE ${noVersion}`,
  },
  {
    name: "pictures of documents are stored",
    table: "documentFiles",
    key: ["userId", "documentId", "version", "uploadId"],
    column: "uploadId",
    from: `documentFiles AS row WHERE ${noUpload}`,
  },
];

/** Rows that one query returns. Those beyond are counted. */
const namedMax = 200;
const pageRows = 1_000;

export interface ReferenceResult {
  readonly name: string;
  readonly broken: number;
}

/** Runs every check, and names the rows that fail. */
export async function checkReferences(
  target: Target,
  differences: Differences,
): Promise<readonly ReferenceResult[]> {
  const results: ReferenceResult[] = [];
  for (const check of checks) {
    results.push({ name: check.name, broken: await runCheck(target, check, differences) });
  }
  results.push({ name: "owners have an account", broken: await checkOwners(target, differences) });
  results.push({
    name: "public chats can be found",
    broken: await checkPublic(target, differences),
  });
  results.push({ name: "storage is counted right", broken: await checkUse(target, differences) });
  return results;
}

async function runCheck(target: Target, check: ReferenceCheck, differences: Differences) {
  const columns = [...new Set([...check.key, check.column])].map((name) => `row.${name}`);
  const rows = await target.query<Record<string, Value> & { broken: number }>("content", {
    sql: `SELECT ${columns.join(", ")}, count(*) OVER () AS broken FROM ${check.from} LIMIT ${namedMax}`,
    params: [],
  });
  for (const row of rows) {
    const key = check.key.map((name) => `${name} ${row[name]}`).join(", ");
    const value = row[check.column] ?? null;
    addOrphan(differences, check, key, value === null ? null : String(value));
  }
  const broken = rows[0]?.broken ?? 0;
  if (broken > rows.length) {
    const more = `and ${broken - rows.length} more rows`;
    for (let index = rows.length; index < broken; index++) {
      addOrphan(differences, check, more, null);
    }
  }
  return broken;
}

function addOrphan(
  differences: Differences,
  { table, column, name }: Pick<ReferenceCheck, "table" | "column" | "name">,
  key: string,
  value: string | null,
): void {
  differences.add({ kind: "orphan", table, key, column, source: name, target: value });
}

/** Accounts are in the other database, which no query joins. */
async function checkOwners(target: Target, differences: Differences): Promise<number> {
  let broken = 0;
  for (const table of ["chats", "documents", "uploads"]) {
    let after = "";
    while (true) {
      const owners = await target.query<{ id: string }>("content", {
        sql: `SELECT DISTINCT userId AS id FROM ${table} WHERE userId > ? ORDER BY userId LIMIT ${pageRows}`,
        params: [after],
      });
      const last = owners.at(-1);
      if (!last) break;
      after = last.id;
      const lost = await target.query<{ id: string }>("home", {
        sql: "SELECT value AS id FROM json_each(?) WHERE value NOT IN (SELECT id FROM users)",
        params: [JSON.stringify(owners.map(({ id }) => id))],
      });
      broken += lost.length;
      const check = { table, column: "userId", name: "owners have an account" };
      for (const { id } of lost) addOrphan(differences, check, `userId ${id}`, id);
    }
  }
  return broken;
}

/**
 * A public chat is found by its row in the home database. Such a row stays when its chat is taken
 * back, so one without a public chat is no fault.
 */
async function checkPublic(target: Target, differences: Differences): Promise<number> {
  let broken = 0;
  let after = ["", ""];
  while (true) {
    const chats = await target.query<{ userId: string; id: string }>("content", {
      sql: `SELECT userId, id FROM chats WHERE visibility = 'public' AND (userId, id) > (?, ?) ORDER BY userId, id LIMIT ${pageRows}`,
      params: after,
    });
    const last = chats.at(-1);
    if (!last) return broken;
    after = [last.userId, last.id];
    const lost = await target.query<{ userId: string; id: string }>("home", {
      sql: "SELECT value ->> 'userId' AS userId, value ->> 'id' AS id FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM publicChats WHERE publicChats.chatId = value ->> 'id')",
      params: [JSON.stringify(chats)],
    });
    broken += lost.length;
    const check = { table: "publicChats", column: "chatId", name: "public chats can be found" };
    for (const { id } of lost) addOrphan(differences, check, `chatId ${id}`, null);
  }
}

/** Changes that search indexes have not taken over yet. */
export async function countPendingSearch(
  target: Target,
): Promise<{ readonly owners: number; readonly changes: number }> {
  const [row] = await target.query<{ owners: number; changes: number }>("content", {
    sql: "SELECT count(DISTINCT userId) AS owners, count(*) AS changes FROM searchChanges",
    params: [],
  });
  return row ?? { owners: 0, changes: 0 };
}
