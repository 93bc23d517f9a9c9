/**
 * Table types of the two databases. Columns have the names that they have in SQL and on screen.
 * Times are epoch milliseconds; booleans are 0 or 1. `schema.test.ts` holds these types against
 * the migrated databases.
 */
import type { ColumnType, Generated, Insertable, Selectable } from "kysely";

type SqlBoolean = 0 | 1;
/** Has a DEFAULT in SQL, so an insert may leave it out. */
type Defaulted<T> = ColumnType<T, T | undefined, T>;

export type Role = "user" | "admin";
export type Visibility = "private" | "public";
export type MessageRole = "user" | "assistant";
export type MessageStatus = "streaming" | "complete" | "stopped" | "interrupted" | "failed";

export interface UsersTable {
  id: string;
  email: string | null;
  passwordHash: string | null;
  name: string | null;
  role: Defaulted<Role>;
  isGuest: Defaulted<SqlBoolean>;
  contentShard: Defaulted<number>;
  emailVerifiedAt: number | null;
  createdAt: number;
  disabledAt: number | null;
  /** The account that a guest's chats went to. */
  carriedToUserId: string | null;
  carriedAt: number | null;
}

export interface SessionsTable {
  id: string;
  secretHash: string;
  userId: string;
  createdAt: number;
  expiresAt: number;
  lastSeenAt: number;
  userAgent: string | null;
}

export interface ChatsTable {
  userId: string;
  id: string;
  title: string;
  titleSource: Defaulted<"question" | "model" | "owner">;
  visibility: Defaulted<Visibility>;
  pinnedAt: number | null;
  currentMessageId: string | null;
  createdAt: number;
  updatedAt: number;
  /** Name of the chat's Durable Object, of a chat that came from a guest. */
  objectName: string | null;
  /** Of one that came from a file: which import, and its place there. */
  importKey: string | null;
}

export interface MessagesTable {
  userId: string;
  id: string;
  chatId: string;
  parentId: string | null;
  role: MessageRole;
  /** JSON array of UI message parts; parsed at the border by the worker. */
  parts: string;
  status: MessageStatus;
  modelId: string | null;
  streamId: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  errorCode: string | null;
  createdAt: number;
  finishedAt: number | null;
}

export interface ApiTokensTable {
  id: string;
  userId: string;
  name: string;
  secretHash: string;
  /** JSON array of scopes; parsed at the border by the worker. */
  scopes: string;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
}

/** Whose a public chat is; see the chat's own `visibility` for whether it is one. */
export interface PublicChatsTable {
  chatId: string;
  userId: string;
  createdAt: number;
}

/** The number of a user in the search index. */
export interface SearchOwnersTable {
  number: Generated<number>;
  userId: string;
}

/** What an entry of the search index is about; kept by triggers. */
export interface SearchRowsTable {
  rowId: Generated<number>;
  userId: string;
  chatId: string;
  /** null: the chat's title. */
  messageId: string | null;
}

export interface OpenStreamsTable {
  userId: string;
  path: string;
  createdAt: number;
}

export interface VotesTable {
  userId: string;
  messageId: string;
  isUpvoted: SqlBoolean;
  updatedAt: number;
}

export interface PreferencesTable {
  userId: string;
  modelId: string | null;
  updatedAt: number;
}

export interface UsageDaysTable {
  userId: string;
  /** YYYY-MM-DD, UTC. */
  day: string;
  modelId: string;
  answers: number;
  inputTokens: number;
  outputTokens: number;
}

export type UploadState = "pending" | "ready" | "deleting";

export interface UploadsTable {
  userId: string;
  id: string;
  /** The chat in which it was given first, if any was named. */
  chatId: string | null;
  name: string;
  /** null while `pending`. */
  mediaType: string | null;
  bytes: Defaulted<number>;
  sha256: string | null;
  width: number | null;
  height: number | null;
  /** null: it has none. */
  thumbnailBytes: number | null;
  thumbnailType: string | null;
  state: Defaulted<UploadState>;
  /** The upload in parts that R2 has begun; for the sweep of what was cut off. */
  r2UploadId: string | null;
  createdAt: number;
  /** When it was last given for a message that has not been sent since; null when all were. */
  draftedAt: number | null;
  /** When it was given for another message while it waited for one; null when it was not. */
  reusedAt: number | null;
}

/** Which message has which upload; kept by a trigger. */
export interface MessageFilesTable {
  userId: string;
  messageId: string;
  uploadId: string;
  chatId: string;
}

export interface AuditEventsTable {
  id: string;
  actorId: string;
  action: string;
  targetType: string;
  targetId: string;
  /** Whose it is; null for what is nobody's. */
  ownerId: string | null;
  createdAt: number;
}

/** Small and global: who there is. */
export interface HomeDatabase {
  users: UsersTable;
  sessions: SessionsTable;
  apiTokens: ApiTokensTable;
  publicChats: PublicChatsTable;
  auditEvents: AuditEventsTable;
}

/** All that belongs to a user, together. No query joins it with home. */
export interface ContentDatabase {
  chats: ChatsTable;
  messages: MessagesTable;
  openStreams: OpenStreamsTable;
  votes: VotesTable;
  preferences: PreferencesTable;
  searchOwners: SearchOwnersTable;
  searchRows: SearchRowsTable;
  usageDays: UsageDaysTable;
  uploads: UploadsTable;
  messageFiles: MessageFilesTable;
}

export type UserRow = Selectable<UsersTable>;
export type NewUserRow = Insertable<UsersTable>;
export type SessionRow = Selectable<SessionsTable>;
export type ApiTokenRow = Selectable<ApiTokensTable>;
export type ChatRow = Selectable<ChatsTable>;
export type UploadRow = Selectable<UploadsTable>;
export type MessageRow = Selectable<MessagesTable>;
export type NewMessageRow = Insertable<MessagesTable>;
