/**
 * Fills a local storage with many users, chats and messages, by SQL in its file, as no API could in
 * the time. The triggers run, so the counters are those that the product would have.
 */
import { DatabaseSync } from "node:sqlite";
import { demoPasswordHash } from "../../db/factories.ts";
import { databaseFiles } from "../../scripts/lib/test-storage.ts";

/** How many rows there are. */
export interface Size {
  readonly users: number;
  readonly chats: number;
  readonly messages: number;
}

export const adminEmail = "admin@bench.example";

const kinds = {
  user: 1,
  chat: 2,
  message: 3,
  upload: 4,
  document: 5,
  session: 6,
  event: 7,
  invite: 8,
};

/** An id in the form of a UUID, which tells its kind and number. */
export function idOf(kind: keyof typeof kinds, index: number): string {
  return `${String(kinds[kind]).padStart(8, "0")}-0000-7000-8000-${index.toString(16).padStart(12, "0")}`;
}

/** The same in SQL. @param index an expression */
const sqlId = (kind: keyof typeof kinds, index: string) =>
  `printf('%08d-0000-7000-8000-%012x', ${kinds[kind]}, ${index})`;

/** Rows that one statement inserts. */
const rowsAtOnce = 50_000;
const dayMs = 86_400_000;
const days = 90;
const models = 6;
/** The user 0 has so many chats, more than anyone would look through. */
const chatsOfOne = 5_000;
const liveAnswers = 20;

/**
 * Fills an empty storage that is migrated and not in use.
 *
 * @param say is told what was inserted
 * @throws Error when the storage has no database, or more than one
 */
export function fillStorage(stateDir: string, size: Size, say: (what: string) => void): void {
  const [file, ...others] = databaseFiles(stateDir);
  if (file === undefined || others.length > 0)
    throw new Error("This storage has not one database.");
  const database = new DatabaseSync(file);
  // What is lost in a crash is seeded again.
  database.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;");
  const now = Date.now();
  const from = now - days * dayMs;
  const insert = (what: string, count: number, statement: string) => {
    for (let first = 0; first < count; first += rowsAtOnce) {
      const last = Math.min(first + rowsAtOnce, count) - 1;
      database.exec(
        `BEGIN; WITH RECURSIVE n(i) AS (VALUES (${first}) UNION ALL SELECT i + 1 FROM n WHERE i < ${last}) ${statement}; COMMIT;`,
      );
    }
    say(`${count.toLocaleString("en")} ${what}`);
  };
  const at = (index: string, count: number) => `${from} + (${index}) * ${days * dayMs} / ${count}`;
  try {
    insertUsers(insert, size, at);
    insertChats(insert, size, at);
    insertOthers(insert, size, at);
    insertDays(database, now);
  } finally {
    database.close();
  }
}

type Insert = (what: string, count: number, statement: string) => void;
type At = (index: string, count: number) => string;

function insertUsers(insert: Insert, { users }: Size, at: At): void {
  insert(
    "administrators",
    1,
    `INSERT INTO users (id, email, passwordHash, name, role, createdAt, emailVerifiedAt)
     SELECT ${sqlId("user", String(users))}, '${adminEmail}', '${demoPasswordHash}', 'Admin', 'admin', 1, 1 FROM n`,
  );
  insert(
    "users, every fifth a guest",
    users,
    `INSERT INTO users (id, email, passwordHash, name, isGuest, createdAt, disabledAt)
     SELECT ${sqlId("user", "i")}, iif(i % 5 = 4, NULL, 'user' || i || '@' || (i % 100) || '.example'),
       iif(i % 5 = 4, NULL, 'none'), iif(i % 2, 'Name ' || i, NULL), i % 5 = 4,
       ${at("i", users)}, iif(i % 100 = 1, ${at("i", users)}, NULL) FROM n`,
  );
  insert(
    "sessions",
    users,
    `INSERT INTO sessions (id, secretHash, userId, createdAt, expiresAt, lastSeenAt, userAgent)
     SELECT ${sqlId("session", "i")}, 'none', ${sqlId("user", "i")}, ${at("i", users)}, 9e15, ${at("i", users)}, NULL FROM n`,
  );
}

function insertChats(insert: Insert, { users, chats, messages }: Size, at: At): void {
  const userOf = (chat: string) =>
    sqlId("user", `iif(${chat} < ${chatsOfOne}, 0, ${chat} % ${users})`);
  // The message m is of the chat m * chats / messages, rounded down.
  const firstOf = (chat: string) => `((${chat}) * ${messages} + ${chats - 1}) / ${chats}`;
  const lastOf = (chat: string) => `${firstOf(`${chat} + 1`)} - 1`;
  insert(
    "chats",
    chats,
    `INSERT INTO chats (userId, id, title, visibility, currentMessageId, createdAt, updatedAt)
     SELECT ${userOf("i")}, ${sqlId("chat", "i")}, 'Chat ' || i || ' about the sea',
       iif(i % 50 = 0, 'public', 'private'), ${sqlId("message", lastOf("i"))},
       ${at(firstOf("i"), messages)}, ${at(lastOf("i"), messages)} FROM n`,
  );
  const chatOf = `(i * ${chats} / ${messages})`;
  const place = `(i - ${firstOf(chatOf)})`;
  const isAnswer = `${place} % 2 = 1`;
  insert(
    "messages",
    messages,
    `INSERT INTO messages (userId, id, chatId, parentId, role, parts, status, modelId, streamId, inputTokens, outputTokens, errorCode, createdAt, finishedAt)
     SELECT ${userOf(chatOf)}, ${sqlId("message", "i")}, ${sqlId("chat", chatOf)},
       iif(${place} = 0, NULL, ${sqlId("message", "i - 1")}), iif(${isAnswer}, 'assistant', 'user'),
       json_array(json_object('type', 'text', 'text', 'Message ' || i || ' asks or tells how high the tide is at noon, and what the moon has to do with it.')),
       iif(${isAnswer} AND i > ${messages} - ${liveAnswers * 4}, 'streaming', iif(${isAnswer} AND i % 100 < 2, 'failed', iif(${isAnswer} AND i % 100 IN (4, 5), 'interrupted', 'complete'))),
       iif(${isAnswer}, 'model-' || (i % ${models}), NULL), iif(${isAnswer}, ${sqlId("message", "i")}, NULL),
       iif(${isAnswer}, 100, NULL), iif(${isAnswer}, 200, NULL), iif(${isAnswer} AND i % 100 < 2, 'UPSTREAM_FAILED', NULL),
       ${at("i", messages)}, ${at("i", messages)} + 1000 FROM n`,
  );
}

function insertOthers(insert: Insert, { users, messages }: Size, at: At): void {
  const few = Math.ceil(users / 2);
  const answers = `SELECT userId, id FROM messages WHERE role = 'assistant' AND status = 'complete' LIMIT ${Math.ceil(messages / 20)}`;
  insert(
    "statement of votes, on one message of twenty",
    1,
    `INSERT INTO votes (userId, messageId, isUpvoted, updatedAt)
     SELECT userId, id, row_number() OVER () % 4 > 0, ${at(`row_number() OVER ()`, messages)} FROM (${answers})`,
  );
  insert(
    "documents",
    few,
    `INSERT INTO documents (userId, id, kind, title, version, createdAt, updatedAt)
     SELECT ${sqlId("user", `iif(i < 1000, 0, i)`)}, ${sqlId("document", "i")}, 'text', 'Document ' || i, 1, ${at("i", few)}, ${at("i", few)} FROM n`,
  );
  insert(
    "files",
    few,
    `INSERT INTO uploads (userId, id, name, mediaType, bytes, sha256, state, createdAt)
     SELECT ${sqlId("user", `iif(i < 1000, 0, i)`)}, ${sqlId("upload", "i")}, 'file-' || i || '.txt', 'text/plain', 1000, 'sum' || i, 'ready', ${at("i", few)} FROM n`,
  );
  insert(
    "entries of the audit log",
    users,
    `INSERT INTO auditEvents (id, actorId, action, targetType, targetId, ownerId, createdAt, reason, requestId)
     SELECT ${sqlId("event", "i")}, ${sqlId("user", String(users))}, iif(i % 2, 'chat.open', 'user.disable'), 'user',
       ${sqlId("user", "i")}, ${sqlId("user", `iif(i < 1000, 0, i)`)}, ${at("i", users)}, 'A reason', 'request' FROM n`,
  );
  insert(
    "invitations",
    1_000,
    `INSERT INTO invites (id, secretHash, maxUses, createdBy, createdAt, expiresAt)
     SELECT ${sqlId("invite", "i")}, 'none', 5, 'admin', ${at("i", 1_000)}, 9e15 FROM n`,
  );
}

/** The rows of the days before, which the triggers would have made on these days. */
function insertDays(database: DatabaseSync, now: number): void {
  const dayOf = `date(${Math.floor(now / 1_000)} - i * 86400, 'unixepoch')`;
  const earlier = `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${days})`;
  const part = (column: string) => `last.${column} * (${days + 1} - i) / ${days + 1}`;
  const levels = ["chats", "messages", "textBytes", "fileBytes", "streamBytes"];
  database.exec(
    `${earlier} INSERT INTO contentDays (day, openAnswers, ${levels.join(", ")}, newChats, newMessages)
       SELECT ${dayOf}, 0, ${levels.map(part).join(", ")}, last.newChats / ${days}, last.newMessages / ${days}
       FROM n, (SELECT * FROM contentDays ORDER BY day DESC LIMIT 1) AS last;
     ${earlier} INSERT INTO userDays (day, accounts, guests, newAccounts, newGuests)
       SELECT ${dayOf}, ${part("accounts")}, ${part("guests")}, last.newAccounts / ${days}, last.newGuests / ${days}
       FROM n, (SELECT * FROM userDays ORDER BY day DESC LIMIT 1) AS last;
     INSERT INTO answerDays (day, modelId, answers, stopped, interrupted, failed, inputTokens, outputTokens)
       SELECT date(finishedAt / 1000, 'unixepoch'), modelId, count(*), 0, sum(status = 'interrupted'), sum(status = 'failed'), sum(inputTokens), sum(outputTokens)
       FROM messages WHERE role = 'assistant' AND status <> 'streaming' GROUP BY 1, 2;`,
  );
}
