/** The tables of the target that hold what came from the source, and how their rows are read. */
import type { DatabaseName, GroupKind } from "../../model.ts";

export interface StoredTable {
  readonly name: string;
  readonly database: DatabaseName;
  /** The kind of the groups that its rows belong to. */
  readonly kind: GroupKind;
  /** The columns of the primary key, by which the table is read in order. */
  readonly key: readonly string[];
  /** The columns that tell rows of a group apart without regard to their owner. */
  readonly identity: readonly string[];
  readonly columns: readonly string[];
  /** SQL for the id of a row's group; `rows` is the table. */
  readonly group: string;
  /** SQL for about how many bytes a row has, without reading it; 0 for small rows. */
  readonly bytes: string;
}

const owned = { database: "content", bytes: "0" } as const;

export const storedTables: readonly StoredTable[] = [
  {
    ...owned,
    name: "users",
    database: "home",
    kind: "user",
    key: ["id"],
    identity: ["id"],
    columns: [
      ...["id", "email", "passwordHash", "name", "role", "isGuest", "contentShard"],
      ...["emailVerifiedAt", "createdAt", "disabledAt", "carriedToUserId", "carriedAt"],
    ],
    group: "rows.id",
  },
  {
    ...owned,
    name: "chats",
    kind: "chat",
    key: ["userId", "id"],
    identity: ["id"],
    columns: [
      ...["userId", "id", "title", "titleSource", "visibility", "pinnedAt", "currentMessageId"],
      ...["createdAt", "updatedAt", "objectName", "importKey", "arrivingSince"],
    ],
    group: "rows.id",
  },
  {
    ...owned,
    name: "messages",
    kind: "chat",
    key: ["userId", "id"],
    identity: ["id"],
    columns: [
      ...["userId", "id", "chatId", "parentId", "role", "parts", "status", "modelId", "streamId"],
      ...["inputTokens", "outputTokens", "errorCode", "createdAt", "finishedAt"],
    ],
    group: "rows.chatId",
    bytes: "octet_length(rows.parts)",
  },
  {
    ...owned,
    name: "votes",
    kind: "chat",
    key: ["userId", "messageId"],
    identity: ["messageId"],
    columns: ["userId", "messageId", "isUpvoted", "updatedAt"],
    group:
      "(SELECT chatId FROM messages WHERE messages.userId = rows.userId AND messages.id = rows.messageId)",
  },
  {
    ...owned,
    name: "messageFiles",
    kind: "chat",
    key: ["userId", "messageId", "uploadId"],
    identity: ["messageId", "uploadId"],
    columns: ["userId", "messageId", "uploadId", "chatId"],
    group: "rows.chatId",
  },
  {
    ...owned,
    name: "publicChats",
    database: "home",
    kind: "chat",
    key: ["chatId"],
    identity: ["chatId"],
    columns: ["chatId", "userId", "createdAt"],
    group: "rows.chatId",
  },
  {
    ...owned,
    name: "documents",
    kind: "document",
    key: ["userId", "id"],
    identity: ["id"],
    columns: [
      ...["userId", "id", "chatId", "kind", "title", "language", "version", "createdAt"],
      "updatedAt",
    ],
    group: "rows.id",
  },
  {
    ...owned,
    name: "documentVersions",
    kind: "document",
    key: ["userId", "documentId", "version"],
    identity: ["documentId", "version"],
    columns: [
      ...["userId", "documentId", "version", "number", "author", "status", "messageId", "saveId"],
      ...["runId", "restoredFrom", "baseVersion", "content", "contentHash", "startedAt"],
      "createdAt",
    ],
    group: "rows.documentId",
    bytes: "octet_length(rows.content)",
  },
  {
    ...owned,
    name: "suggestions",
    kind: "document",
    key: ["userId", "documentId", "id"],
    identity: ["documentId", "id"],
    columns: [
      ...["userId", "documentId", "id", "version", "messageId", "original", "start", "proposed"],
      ...["reason", "state", "createdAt"],
    ],
    group: "rows.documentId",
    bytes: "octet_length(rows.original) + octet_length(rows.proposed)",
  },
  {
    ...owned,
    name: "documentFiles",
    kind: "document",
    key: ["userId", "documentId", "version", "uploadId"],
    identity: ["documentId", "version", "uploadId"],
    columns: ["userId", "documentId", "version", "uploadId"],
    group: "rows.documentId",
  },
];
