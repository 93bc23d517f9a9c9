/**
 * Named demo users with a few chats, for trying the product out. Runs under plain Node and in
 * workerd alike.
 */
import { chatRow, demoPassword, demoPasswordHash, messageRow, userRow } from "./factories.ts";
import { runBatch } from "./src/batch.ts";
import { type ContentDb, createContentDb, createHomeDb, type HomeDb } from "./src/client.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

interface DemoChat {
  /** Last part of the fixed ids: the chat's is this number, its messages' add their index. */
  readonly number: number;
  readonly title: string;
  /** How long ago the chat was last used, so that the history shows groups. */
  readonly ageMs: number;
  /** Question, answer, question, answer … */
  readonly texts: readonly string[];
}

interface DemoUser {
  readonly number: number;
  readonly email: string;
  readonly name: string;
  readonly chats: readonly DemoChat[];
}

const demoUsers: readonly DemoUser[] = [
  {
    number: 1,
    email: "ada@example.com",
    name: "Ada",
    chats: [
      {
        number: 1,
        title: "Notes on a program",
        ageMs: 20 * minuteMs,
        texts: [
          "How would you write down the steps that a machine is to take?",
          "As a **table**: one row a step.\n\n| Step | Operation | Result |\n|---|---|---|\n| 1 | `a × b` | `c` |\n| 2 | `c + 1` | `d` |\n\nEach row names what it reads and what it writes.",
          "And a loop?",
          "A row that says where to go on:\n\n```ts\nwhile (step <= last) {\n  step = run(step);\n}\n```",
        ],
      },
      {
        number: 2,
        title: "Tea or coffee",
        ageMs: dayMs + 5 * minuteMs,
        texts: ["Tea or coffee?", "Tea before noon, and coffee never after four."],
      },
      {
        number: 3,
        title: "Numbers of Bernoulli",
        ageMs: 12 * dayMs,
        texts: [
          "What is the eighth Bernoulli number?",
          "It is $-\\tfrac{1}{30}$, counting from $B_0 = 1$.",
        ],
      },
    ],
  },
  {
    number: 2,
    email: "grace@example.com",
    name: "Grace",
    chats: [
      {
        number: 4,
        title: "A moth in the relay",
        ageMs: 3 * dayMs,
        texts: [
          "My program stopped, and there is a moth in relay 70. What now?",
          "1. Take it out.\n2. Tape it into the log book.\n3. Run the program again.",
        ],
      },
    ],
  },
];

export interface SeedResult {
  readonly users: readonly { readonly email: string; readonly password: string }[];
  readonly chatCount: number;
}

/**
 * Inserts the demo users and their chats. Can be run again: existing rows (by id or email address)
 * stay as they are. The password is public, so never seed a database that others can reach.
 *
 * @param bindings D1 databases with all migrations applied; both may be the same
 * @param now epoch milliseconds; the chats are dated backwards from here
 */
export async function seed(
  bindings: { readonly home: D1Database; readonly content: D1Database },
  now: number = Date.now(),
): Promise<SeedResult> {
  const home = createHomeDb(bindings.home);
  const content = createContentDb(bindings.content);
  for (const user of demoUsers) {
    const userId = await ensureUser(home, user, now);
    for (const chat of user.chats) await insertChat(content, userId, chat, now);
  }
  return {
    users: demoUsers.map(({ email }) => ({ email, password: demoPassword })),
    chatCount: demoUsers.flatMap(({ chats }) => chats).length,
  };
}

/** Statements in one batch, so that a batch stays small. */
const batchMax = 200;

/**
 * Adds a long chat to the first demo user, for performance tests. Can be run again: existing rows
 * stay.
 *
 * @param count of its messages, at most 99,999
 * @returns the chat's id
 */
export async function seedLongChat(
  bindings: { readonly home: D1Database; readonly content: D1Database },
  count: number,
  now: number = Date.now(),
): Promise<string> {
  const [user] = demoUsers;
  if (!user) throw new Error("There is no demo user.");
  const userId = await ensureUser(createHomeDb(bindings.home), user, now);
  const content = createContentDb(bindings.content);
  const chatId = demoId("2", 100_000 + count);
  const messageId = (index: number) => demoId("4", count * 100_000 + index);
  const startedAt = now - count * minuteMs;
  const rows = Array.from({ length: count }, (_, index) =>
    messageRow({
      userId,
      id: messageId(index),
      chatId,
      parentId: index === 0 ? null : messageId(index - 1),
      role: index % 2 === 0 ? "user" : "assistant",
      text: longChatText(index),
      createdAt: startedAt + index * minuteMs,
    }),
  );
  const chat = chatRow({
    userId,
    id: chatId,
    title: `A chat of ${count} messages`,
    currentMessageId: messageId(count - 1),
    createdAt: startedAt,
    updatedAt: now,
  });
  const insertChat = content.kysely
    .insertInto("chats")
    .values(chat)
    .onConflict((conflict) => conflict.doNothing());
  await runBatch(content, [insertChat]);
  for (let from = 0; from < count; from += batchMax) {
    const inserts = rows.slice(from, from + batchMax).map((row) =>
      content.kysely
        .insertInto("messages")
        .values(row)
        .onConflict((conflict) => conflict.doNothing()),
    );
    await runBatch(content, inserts);
  }
  await runBatch(content, [changeForSearch(content, userId, chatId)]);
  return chatId;
}

/** One-line questions and answers of several sizes. Each contains its number. */
function longChatText(index: number): string {
  const place = `Message ${index + 1}`;
  if (index % 2 === 0) return `${place}: and what comes after step ${index / 2 + 1}?`;
  const sentence = `${place} says what comes next, in a few words that fill a line or two. `;
  const paragraph = sentence.repeat(1 + (index % 5));
  if (index % 8 === 1) return `${paragraph}\n\n- first\n- **second**\n- third`;
  if (index % 8 === 5)
    return `${paragraph}\n\n\`\`\`ts\nconst step = ${index};\nrun(step);\n\`\`\``;
  return `${paragraph}\n\n${paragraph}`;
}

/** @returns the id of the account with this address, which may be older than the seed */
async function ensureUser(home: HomeDb, { number, email, name }: DemoUser, now: number) {
  const row = userRow({
    id: demoId("1", number),
    email,
    name,
    passwordHash: demoPasswordHash,
    createdAt: now - 30 * dayMs,
  });
  const [, users] = await runBatch(home, [
    home.kysely
      .insertInto("users")
      .values(row)
      .onConflict((conflict) => conflict.doNothing()),
    home.kysely.selectFrom("users").select("id").where("email", "=", email),
  ]);
  const [user] = users;
  if (!user) throw new Error(`The demo user ${email} could not be made: its id is in use.`);
  return user.id;
}

async function insertChat(content: ContentDb, userId: string, chat: DemoChat, now: number) {
  const updatedAt = now - chat.ageMs;
  const chatId = demoId("2", chat.number);
  const messageId = (index: number) => demoId("3", chat.number * 100 + index);
  const lastIndex = chat.texts.length - 1;
  const messages = chat.texts.map((text, index) =>
    messageRow({
      userId,
      id: messageId(index),
      chatId,
      parentId: index === 0 ? null : messageId(index - 1),
      role: index % 2 === 0 ? "user" : "assistant",
      text,
      createdAt: updatedAt - (lastIndex - index) * minuteMs,
    }),
  );
  await runBatch(content, [
    content.kysely
      .insertInto("chats")
      .values(
        chatRow({
          userId,
          id: chatId,
          title: chat.title,
          currentMessageId: messageId(lastIndex),
          createdAt: updatedAt - lastIndex * minuteMs,
          updatedAt,
        }),
      )
      .onConflict((conflict) => conflict.doNothing()),
    // One row per statement, because D1 takes 100 bound parameters in each.
    ...messages.map((message) =>
      content.kysely
        .insertInto("messages")
        .values(message)
        .onConflict((conflict) => conflict.doNothing()),
    ),
    changeForSearch(content, userId, chatId),
  ]);
}

/** Lets the search index take the chat over, again if it has done so before. */
function changeForSearch(content: ContentDb, userId: string, chatId: string) {
  return content.kysely.insertInto("searchChanges").values({ userId, chatId, scope: "chat" });
}

/** A fixed, well-formed UUIDv7 of the year 2020, so that running the seed again finds its rows. */
function demoId(kind: "1" | "2" | "3" | "4", number: number): string {
  return `01700000-0000-7000-8000-${kind}${String(number).padStart(11, "0")}`;
}
