/** Groups as the conversion makes them. */
import type { ConvertedGroup, GroupKind, TableRows, Value } from "../model.ts";
import type { WritableGroup } from "../write/write-groups.ts";

type Row = Readonly<Record<string, Value>>;

/** A UUID that is made of a number and a kind of thing. */
export function idOf(
  kind: "user" | "chat" | "message" | "document" | "upload" | "other",
  n: number,
) {
  const digit = { user: 1, chat: 2, message: 3, document: 4, upload: 5, other: 6 }[kind];
  return `${digit}0000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}

const keys = {
  users: ["id"],
  publicChats: ["chatId"],
  chats: ["userId", "id"],
  messages: ["userId", "id"],
  votes: ["userId", "messageId"],
  uploads: ["userId", "id"],
  documents: ["userId", "id"],
  documentVersions: ["userId", "documentId", "version"],
  suggestions: ["userId", "documentId", "id"],
} as const satisfies Record<string, readonly string[]>;

export function rowsOf(table: keyof typeof keys, ...rows: readonly Row[]): TableRows {
  const database = table === "users" || table === "publicChats" ? "home" : "content";
  return { table, database, key: keys[table], rows };
}

/** @param digest of the rows' state, such as "1" */
export function groupOf(
  kind: GroupKind,
  id: string,
  tables: readonly TableRows[],
  { digest = "1", userId = null }: { digest?: string; userId?: string | null } = {},
): WritableGroup {
  const converted: ConvertedGroup = { kind, id, tables, findings: [], userId };
  return { source: { kind, id, digest, bytes: 0 }, converted };
}

export function userGroup(n: number, change: Row = {}, digest = "1"): WritableGroup {
  const id = idOf("user", n);
  const row: Row = {
    id,
    email: `user${n}@example.com`,
    passwordHash: `$2b$10$${n}`,
    name: `User ${n} 😀`,
    isGuest: 0,
    createdAt: 1_000 + n,
    ...change,
  };
  return groupOf("user", id, [rowsOf("users", row)], { digest });
}

export interface ChatFacts {
  readonly n: number;
  readonly userId?: string;
  /** The numbers of its messages, each of which follows the one before. */
  readonly messages: readonly number[];
  /** By the number of the message. */
  readonly texts?: Readonly<Record<number, string>>;
  /** Uploads by the number of the message. */
  readonly files?: Readonly<Record<number, number>>;
  /** The messages with a vote. */
  readonly votes?: readonly number[];
  readonly isPublic?: boolean;
  readonly title?: string;
  readonly digest?: string;
}

export function chatGroup(facts: ChatFacts): WritableGroup {
  const { n, messages, texts = {}, files = {}, votes = [], title = `Chat ${n}` } = facts;
  const userId = facts.userId ?? idOf("user", 1);
  const id = idOf("chat", n);
  const last = messages.at(-1);
  const chat: Row = {
    userId,
    id,
    title,
    titleSource: "model",
    visibility: facts.isPublic ? "public" : "private",
    currentMessageId: last === undefined ? null : idOf("message", last),
    createdAt: 2_000,
    updatedAt: 3_000,
  };
  const rows = messages.map((number, index): Row => {
    const file = files[number];
    const parts: unknown[] = [{ type: "text", text: texts[number] ?? `Message ${number} “naïf”` }];
    if (file !== undefined) {
      parts.push({ type: "file", url: `/files/${idOf("upload", file)}`, mediaType: "text/plain" });
    }
    const parent = index === 0 ? null : idOf("message", messages[index - 1] ?? 0);
    return {
      userId,
      id: idOf("message", number),
      chatId: id,
      parentId: parent,
      role: index % 2 === 0 ? "user" : "assistant",
      parts: JSON.stringify(parts),
      status: "complete",
      createdAt: 2_000 + index,
    };
  });
  const numbers = [...new Set(messages.flatMap((number) => files[number] ?? []))];
  return groupOf(
    "chat",
    id,
    [
      rowsOf("uploads", ...numbers.map((number) => uploadRow(number, userId, id))),
      rowsOf("chats", chat),
      rowsOf("messages", ...rows),
      rowsOf(
        "votes",
        ...votes.map((number) => ({
          userId,
          messageId: idOf("message", number),
          isUpvoted: number % 2 === 0 ? 1 : 0,
          updatedAt: 4_000,
        })),
      ),
      ...(facts.isPublic ? [rowsOf("publicChats", { chatId: id, userId, createdAt: 2_000 })] : []),
    ],
    { userId, digest: facts.digest ?? "1" },
  );
}

function uploadRow(n: number, userId: string, chatId: string): Row {
  return {
    userId,
    id: idOf("upload", n),
    chatId,
    name: `file-${n}.txt`,
    mediaType: "text/plain",
    bytes: 100 + n,
    sha256: n.toString(16).padStart(64, "0"),
    width: null,
    height: null,
    state: "ready",
    createdAt: 2_000,
  };
}

export interface DocumentFacts {
  readonly n: number;
  readonly userId?: string;
  readonly chatId?: string | null;
  /** The content of each version. */
  readonly versions: readonly string[];
  readonly suggestions?: readonly string[];
  readonly kind?: string;
  readonly digest?: string;
}

export function documentGroup(facts: DocumentFacts): WritableGroup {
  const { n, versions, suggestions = [], kind = "text", chatId = null } = facts;
  const userId = facts.userId ?? idOf("user", 1);
  const id = idOf("document", n);
  const document: Row = {
    userId,
    id,
    chatId,
    kind,
    title: `Document ${n}`,
    language: null,
    version: versions.length,
    createdAt: 5_000,
    updatedAt: 5_000 + versions.length,
  };
  const versionRows = versions.map((content, index): Row => {
    return {
      userId,
      documentId: id,
      version: index + 1,
      number: index + 1,
      author: "model",
      status: "complete",
      content,
      contentHash: `hash of ${content}`,
      startedAt: 5_000,
      createdAt: 5_000 + index,
    };
  });
  const suggestionRows = suggestions.map((proposed, index): Row => {
    return {
      userId,
      documentId: id,
      id: idOf("other", n * 100 + index),
      version: 1,
      original: "old",
      start: 0,
      proposed,
      reason: "shorter",
      state: "open",
      createdAt: 6_000,
    };
  });
  return groupOf(
    "document",
    id,
    [
      rowsOf("documents", document),
      rowsOf("documentVersions", ...versionRows),
      rowsOf("suggestions", ...suggestionRows),
    ],
    { userId, digest: facts.digest ?? "1" },
  );
}

/** Groups one after another, as the conversion gives them. */
export async function* inTurn<Group>(groups: readonly Group[]): AsyncGenerator<Group> {
  yield* groups;
}

/** All items of a sequence. */
export async function listed<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
