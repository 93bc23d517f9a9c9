import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { ContentDatabase, HomeDatabase } from "./schema.ts";

type SqlType = "TEXT" | "INTEGER";
/** Every column of a table type, no more and no fewer. Otherwise this file does not compile. */
type Columns<Table> = Record<keyof Table, `${SqlType}${"" | " NOT NULL"}`>;
type Tables<Schema> = { [Name in keyof Schema]: Columns<Schema[Name]> };

/** Columns must be nullable in the types and in SQL alike. */
type Nullability<Schema> = {
  [Name in keyof Schema]: {
    [Column in keyof Schema[Name]]: null extends Schema[Name][Column]
      ? SqlType
      : `${SqlType} NOT NULL`;
  };
};

const home = {
  users: {
    id: "TEXT NOT NULL",
    email: "TEXT",
    passwordHash: "TEXT",
    name: "TEXT",
    role: "TEXT NOT NULL",
    isGuest: "INTEGER NOT NULL",
    contentShard: "INTEGER NOT NULL",
    emailVerifiedAt: "INTEGER",
    createdAt: "INTEGER NOT NULL",
    disabledAt: "INTEGER",
    carriedToUserId: "TEXT",
    carriedAt: "INTEGER",
  },
  sessions: {
    id: "TEXT NOT NULL",
    secretHash: "TEXT NOT NULL",
    userId: "TEXT NOT NULL",
    createdAt: "INTEGER NOT NULL",
    expiresAt: "INTEGER NOT NULL",
    lastSeenAt: "INTEGER NOT NULL",
    userAgent: "TEXT",
  },
  apiTokens: {
    id: "TEXT NOT NULL",
    userId: "TEXT NOT NULL",
    name: "TEXT NOT NULL",
    secretHash: "TEXT NOT NULL",
    scopes: "TEXT NOT NULL",
    createdAt: "INTEGER NOT NULL",
    expiresAt: "INTEGER",
    lastUsedAt: "INTEGER",
  },
  passwordResets: {
    userId: "TEXT NOT NULL",
    id: "TEXT NOT NULL",
    secretHash: "TEXT NOT NULL",
    createdAt: "INTEGER NOT NULL",
    expiresAt: "INTEGER NOT NULL",
  },
  invites: {
    id: "TEXT NOT NULL",
    secretHash: "TEXT NOT NULL",
    email: "TEXT",
    maxUses: "INTEGER NOT NULL",
    uses: "INTEGER NOT NULL",
    createdBy: "TEXT NOT NULL",
    createdAt: "INTEGER NOT NULL",
    expiresAt: "INTEGER NOT NULL",
    revokedAt: "INTEGER",
  },
  pushSubscriptions: {
    sessionId: "TEXT NOT NULL",
    userId: "TEXT NOT NULL",
    endpoint: "TEXT NOT NULL",
    p256dh: "TEXT NOT NULL",
    auth: "TEXT NOT NULL",
    createdAt: "INTEGER NOT NULL",
  },
  publicChats: {
    chatId: "TEXT NOT NULL",
    userId: "TEXT NOT NULL",
    createdAt: "INTEGER NOT NULL",
  },
  auditEvents: {
    id: "TEXT NOT NULL",
    actorId: "TEXT NOT NULL",
    action: "TEXT NOT NULL",
    targetType: "TEXT NOT NULL",
    targetId: "TEXT NOT NULL",
    ownerId: "TEXT",
    createdAt: "INTEGER NOT NULL",
    reason: "TEXT",
    requestId: "TEXT",
    details: "TEXT",
  },
  ownerLimits: {
    userId: "TEXT",
    role: "TEXT",
    name: "TEXT NOT NULL",
    value: "INTEGER",
  },
  jobRuns: {
    name: "TEXT NOT NULL",
    startedAt: "INTEGER NOT NULL",
    endedAt: "INTEGER NOT NULL",
    outcome: "TEXT NOT NULL",
    steps: "INTEGER NOT NULL",
    error: "TEXT",
    doneAt: "INTEGER",
  },
  siteSettings: {
    id: "INTEGER NOT NULL",
    version: "INTEGER NOT NULL",
    changeId: "TEXT NOT NULL",
    value: "TEXT NOT NULL",
    updatedAt: "INTEGER NOT NULL",
    models: "TEXT",
    costPerDayNanos: "INTEGER",
  },
  userDays: {
    day: "TEXT NOT NULL",
    accounts: "INTEGER NOT NULL",
    guests: "INTEGER NOT NULL",
    newAccounts: "INTEGER NOT NULL",
    newGuests: "INTEGER NOT NULL",
  },
} as const satisfies Tables<HomeDatabase> & Nullability<HomeDatabase>;

const content = {
  chats: {
    userId: "TEXT NOT NULL",
    id: "TEXT NOT NULL",
    title: "TEXT NOT NULL",
    titleSource: "TEXT NOT NULL",
    visibility: "TEXT NOT NULL",
    pinnedAt: "INTEGER",
    currentMessageId: "TEXT",
    createdAt: "INTEGER NOT NULL",
    updatedAt: "INTEGER NOT NULL",
    objectName: "TEXT",
    importKey: "TEXT",
    arrivingSince: "INTEGER",
  },
  messages: {
    userId: "TEXT NOT NULL",
    id: "TEXT NOT NULL",
    chatId: "TEXT NOT NULL",
    parentId: "TEXT",
    role: "TEXT NOT NULL",
    parts: "TEXT NOT NULL",
    status: "TEXT NOT NULL",
    modelId: "TEXT",
    streamId: "TEXT",
    inputTokens: "INTEGER",
    outputTokens: "INTEGER",
    errorCode: "TEXT",
    createdAt: "INTEGER NOT NULL",
    finishedAt: "INTEGER",
  },
  openStreams: {
    userId: "TEXT NOT NULL",
    path: "TEXT NOT NULL",
    createdAt: "INTEGER NOT NULL",
    bytes: "INTEGER NOT NULL",
  },
  votes: {
    userId: "TEXT NOT NULL",
    messageId: "TEXT NOT NULL",
    isUpvoted: "INTEGER NOT NULL",
    updatedAt: "INTEGER NOT NULL",
    answerModelId: "TEXT NOT NULL",
  },
  preferences: {
    userId: "TEXT NOT NULL",
    modelId: "TEXT",
    updatedAt: "INTEGER NOT NULL",
  },
  usageDays: {
    userId: "TEXT NOT NULL",
    day: "TEXT NOT NULL",
    modelId: "TEXT NOT NULL",
    answers: "INTEGER NOT NULL",
    inputTokens: "INTEGER NOT NULL",
    outputTokens: "INTEGER NOT NULL",
    costNanos: "INTEGER NOT NULL",
  },
  uploads: {
    userId: "TEXT NOT NULL",
    id: "TEXT NOT NULL",
    chatId: "TEXT",
    name: "TEXT NOT NULL",
    mediaType: "TEXT",
    bytes: "INTEGER NOT NULL",
    sha256: "TEXT",
    width: "INTEGER",
    height: "INTEGER",
    thumbnailBytes: "INTEGER",
    thumbnailType: "TEXT",
    state: "TEXT NOT NULL",
    r2UploadId: "TEXT",
    createdAt: "INTEGER NOT NULL",
    draftedAt: "INTEGER",
    reusedAt: "INTEGER",
  },
  messageFiles: {
    userId: "TEXT NOT NULL",
    messageId: "TEXT NOT NULL",
    uploadId: "TEXT NOT NULL",
    chatId: "TEXT NOT NULL",
  },
  documents: {
    userId: "TEXT NOT NULL",
    id: "TEXT NOT NULL",
    chatId: "TEXT",
    kind: "TEXT NOT NULL",
    title: "TEXT NOT NULL",
    language: "TEXT",
    version: "INTEGER NOT NULL",
    createdAt: "INTEGER NOT NULL",
    updatedAt: "INTEGER NOT NULL",
  },
  documentVersions: {
    userId: "TEXT NOT NULL",
    documentId: "TEXT NOT NULL",
    version: "INTEGER NOT NULL",
    number: "INTEGER NOT NULL",
    author: "TEXT NOT NULL",
    status: "TEXT NOT NULL",
    messageId: "TEXT",
    saveId: "TEXT",
    runId: "TEXT",
    restoredFrom: "INTEGER",
    baseVersion: "INTEGER",
    content: "TEXT NOT NULL",
    contentHash: "TEXT NOT NULL",
    startedAt: "INTEGER NOT NULL",
    createdAt: "INTEGER NOT NULL",
  },
  suggestions: {
    userId: "TEXT NOT NULL",
    documentId: "TEXT NOT NULL",
    id: "TEXT NOT NULL",
    version: "INTEGER NOT NULL",
    messageId: "TEXT",
    original: "TEXT NOT NULL",
    start: "INTEGER NOT NULL",
    proposed: "TEXT NOT NULL",
    reason: "TEXT NOT NULL",
    state: "TEXT NOT NULL",
    createdAt: "INTEGER NOT NULL",
  },
  documentFiles: {
    userId: "TEXT NOT NULL",
    documentId: "TEXT NOT NULL",
    version: "INTEGER NOT NULL",
    uploadId: "TEXT NOT NULL",
  },
  searchChanges: {
    id: "INTEGER NOT NULL",
    userId: "TEXT NOT NULL",
    chatId: "TEXT NOT NULL",
    scope: "TEXT NOT NULL",
    messageId: "TEXT",
    documentId: "TEXT",
  },
  contentUse: {
    userId: "TEXT NOT NULL",
    chats: "INTEGER NOT NULL",
    messages: "INTEGER NOT NULL",
    openAnswers: "INTEGER NOT NULL",
    textBytes: "INTEGER NOT NULL",
    fileBytes: "INTEGER NOT NULL",
    streamBytes: "INTEGER NOT NULL",
    isOver: "INTEGER NOT NULL",
  },
  goneChats: {
    userId: "TEXT NOT NULL",
    objectName: "TEXT NOT NULL",
    dueAt: "INTEGER NOT NULL",
  },
  contentDays: {
    day: "TEXT NOT NULL",
    chats: "INTEGER NOT NULL",
    messages: "INTEGER NOT NULL",
    openAnswers: "INTEGER NOT NULL",
    textBytes: "INTEGER NOT NULL",
    fileBytes: "INTEGER NOT NULL",
    streamBytes: "INTEGER NOT NULL",
    newChats: "INTEGER NOT NULL",
    newMessages: "INTEGER NOT NULL",
  },
  answerDays: {
    day: "TEXT NOT NULL",
    modelId: "TEXT NOT NULL",
    answers: "INTEGER NOT NULL",
    stopped: "INTEGER NOT NULL",
    interrupted: "INTEGER NOT NULL",
    failed: "INTEGER NOT NULL",
    inputTokens: "INTEGER NOT NULL",
    outputTokens: "INTEGER NOT NULL",
    costNanos: "INTEGER NOT NULL",
  },
  voteDays: {
    day: "TEXT NOT NULL",
    modelId: "TEXT NOT NULL",
    up: "INTEGER NOT NULL",
    down: "INTEGER NOT NULL",
  },
} as const satisfies Tables<ContentDatabase> & Nullability<ContentDatabase>;

test("the table types of home are the migrated database's", async () => {
  expect(await migratedTables(env.HOME)).toEqual(home);
});

test("the table types of content are the migrated database's", async () => {
  expect(await migratedTables(env.CONTENT)).toEqual(content);
});

test("every table is STRICT, and every foreign key stays within its database", async () => {
  for (const database of [env.HOME, env.CONTENT]) {
    const tables = await ownTables(database);
    for (const { name, strict } of tables) {
      expect({ name, strict }).toEqual({ name, strict: 1 });
      const keys = await database
        .prepare('SELECT "table" AS target FROM pragma_foreign_key_list(?)')
        .bind(name)
        .all<{ target: string }>();
      const targets = keys.results.map(({ target }) => target);
      expect(tables.map((table) => table.name)).toEqual(expect.arrayContaining(targets));
    }
  }
});

async function ownTables(database: D1Database) {
  const { results } = await database
    .prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    .all<{ name: string; strict: number }>();
  return results.filter(({ name }) => !/^(sqlite_|_cf_|migrations_)/.test(name));
}

/** Each table's columns, in the notation above. */
async function migratedTables(database: D1Database) {
  const tables: Record<string, Record<string, string>> = {};
  for (const { name } of await ownTables(database)) {
    const { results } = await database
      .prepare('SELECT name, type, "notnull" AS isNotNull, pk FROM pragma_table_info(?)')
      .bind(name)
      .all<{ name: string; type: string; isNotNull: number; pk: number }>();
    tables[name] = Object.fromEntries(
      results.map((column) => [
        column.name,
        column.isNotNull ? `${column.type} NOT NULL` : column.type,
      ]),
    );
  }
  return tables;
}
