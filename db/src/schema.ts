/**
 * Table types of the two databases. Columns have the names that they have in SQL and on screen.
 * Times are epoch milliseconds; booleans are 0 or 1. `schema.test.ts` holds these types against
 * the migrated databases.
 */
import type { ColumnType, Generated, Insertable, Selectable } from "kysely";

type SqlBoolean = 0 | 1;
/** A column with a DEFAULT in SQL, which an insert may leave out. */
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
  /** The account that the guest's chats were moved to. */
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
  /** Name of the chat's Durable Object, for a chat that came from a guest. */
  objectName: string | null;
  /** For an imported chat: the id of the import and the chat's index in it. */
  importKey: string | null;
  /** For a chat whose insertion is not complete: when it began. Such a chat is hidden. */
  arrivingSince: number | null;
}

export interface MessagesTable {
  userId: string;
  id: string;
  chatId: string;
  parentId: string | null;
  role: MessageRole;
  /** JSON array of UI message parts. The worker parses it when it reads the row. */
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
  /** JSON array of scopes. The worker parses it when it reads the row. */
  scopes: string;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
}

/** A link with which a user chooses a new password; at most one for each user. */
export interface PasswordResetsTable {
  userId: string;
  id: string;
  secretHash: string;
  createdAt: number;
  expiresAt: number;
}

/** An invitation to create an account. */
export interface InvitesTable {
  id: string;
  secretHash: string;
  /** The one address that can use it, in canonical form. */
  email: string | null;
  maxUses: number;
  uses: Generated<number>;
  /** The administrator's user id. */
  createdBy: string;
  createdAt: number;
  expiresAt: number;
  revokedAt: number | null;
}

/** Where a browser gets pushed notifications. It ends with the browser's session. */
export interface PushSubscriptionsTable {
  sessionId: string;
  userId: string;
  endpoint: string;
  p256dh: string;
  auth: string;
  createdAt: number;
}

/** The owner of a public chat. Whether the chat is public is decided by its own `visibility`. */
export interface PublicChatsTable {
  chatId: string;
  userId: string;
  createdAt: number;
}

/** `chat`: the chat as a whole, with its title and all messages; also when it was deleted. */
export type SearchChangeScope = "all" | "building" | "chat" | "title" | "message";

/** A change that its owner's search index has not taken over yet. */
export interface SearchChangesTable {
  id: Generated<number>;
  userId: string;
  chatId: string;
  scope: SearchChangeScope;
  /** null, except for the scope `message`. */
  messageId: string | null;
  /** A document, for the scope `message`, in place of a message. Triggers note documents. */
  documentId: string | null;
}

export interface OpenStreamsTable {
  userId: string;
  path: string;
  createdAt: number;
  /** The bytes that the stream's object may hold. */
  bytes: Defaulted<number>;
}

/** Deleted chats whose objects still have to delete what they hold. */
export interface GoneChatsTable {
  userId: string;
  objectName: string;
  /** When the object is asked for the first time, or again. */
  dueAt: number;
}

/** What a user stores; kept by triggers. */
export interface ContentUseTable {
  userId: string;
  chats: Defaulted<number>;
  messages: Defaulted<number>;
  /** Answers in progress: their bytes come with their end. */
  openAnswers: Defaulted<number>;
  /** UTF-8 bytes of titles and of the parts of messages. */
  textBytes: Defaulted<number>;
  fileBytes: Defaulted<number>;
  streamBytes: Defaulted<number>;
  /** Never 1: setting it undoes the batch, because its owner's storage is full. */
  isOver: Defaulted<SqlBoolean>;
}

/** What all users of a content database store at the end of a day; kept by triggers. */
export interface ContentDaysTable {
  /** YYYY-MM-DD, UTC. A day without changes has no row. */
  day: string;
  chats: number;
  messages: number;
  /** Answers in progress. */
  openAnswers: number;
  textBytes: number;
  fileBytes: number;
  streamBytes: number;
  /** That came on this day. */
  newChats: Defaulted<number>;
  newMessages: Defaulted<number>;
}

/** The answers of all users that ended on a day, by model; kept by a trigger. */
export interface AnswerDaysTable {
  /** YYYY-MM-DD, UTC. */
  day: string;
  /** Empty for answers of an unknown model. */
  modelId: string;
  /** However they ended. */
  answers: number;
  stopped: Defaulted<number>;
  interrupted: Defaulted<number>;
  failed: Defaulted<number>;
  inputTokens: number;
  outputTokens: number;
  /** Billionths of a US dollar, by the prices at the time of the answers. */
  costNanos: Defaulted<number>;
}

export interface VotesTable {
  userId: string;
  messageId: string;
  isUpvoted: SqlBoolean;
  updatedAt: number;
  /** The model that wrote the answer, empty for an unknown one; kept by a trigger. */
  answerModelId: Defaulted<string>;
}

/** The votes of all users that stand, by the day of their last change, and model; kept by triggers. */
export interface VoteDaysTable {
  /** YYYY-MM-DD, UTC. */
  day: string;
  modelId: string;
  up: number;
  down: number;
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
  /** Billionths of a US dollar, by the prices at the time of the answers. */
  costNanos: Defaulted<number>;
}

export type UploadState = "pending" | "ready" | "deleting";

export interface UploadsTable {
  userId: string;
  id: string;
  /** The chat it was first attached in; null for none. */
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
  /** The id of R2's multipart upload, for the cron that cleans up after interruptions. */
  r2UploadId: string | null;
  createdAt: number;
  /** When it was last attached to a message that has not been sent; null when all were sent. */
  draftedAt: number | null;
  /** When it was attached to a second unsent message; null when it was not. */
  reusedAt: number | null;
}

/** The uploads of each message; kept by a trigger. */
export interface MessageFilesTable {
  userId: string;
  messageId: string;
  uploadId: string;
  chatId: string;
}

/** A document beside a chat, or one that a person has made by hand. */
export interface DocumentsTable {
  userId: string;
  id: string;
  /** The chat in which the model made it; null for one that was made by hand. */
  chatId: string | null;
  /** A name from the registry of kinds. The worker parses it when it reads the row. */
  kind: string;
  title: string;
  /** The language of code; null for other kinds. */
  language: string | null;
  /** The newest version. */
  version: number;
  createdAt: number;
  updatedAt: number;
}

export type DocumentAuthor = "person" | "model";
export type DocumentStatus = "complete" | "stopped" | "interrupted";

/** A state of a document. Never changes. */
export interface DocumentVersionsTable {
  userId: string;
  documentId: string;
  /** Counts saves; a version that was replaced leaves a gap. */
  version: number;
  /** Counts versions without gaps. */
  number: number;
  author: DocumentAuthor;
  status: Defaulted<DocumentStatus>;
  /** The message that made it or shows it; such a version is never replaced. */
  messageId: string | null;
  /** The save that made it, whose repetition makes no second version. */
  saveId: string | null;
  /** The run of edits that it belongs to. */
  runId: string | null;
  /** The version whose content it restored; null for any other. */
  restoredFrom: number | null;
  /** The version that the model made its text from, if that may not be the version before. */
  baseVersion: number | null;
  content: string;
  contentHash: string;
  /** When its run of edits began. */
  startedAt: number;
  createdAt: number;
}

export type SuggestionState = "open" | "accepted" | "rejected";

/** A change that the model proposes for a document. */
export interface SuggestionsTable {
  userId: string;
  documentId: string;
  id: string;
  /** The version that the model has read, or the one that has replaced it. */
  version: number;
  messageId: string | null;
  original: string;
  /** Where `original` starts in that version, in UTF-16 code units. */
  start: number;
  proposed: string;
  reason: string;
  state: Defaulted<SuggestionState>;
  createdAt: number;
}

export type LimitName =
  | "messagesPerDay"
  | "tokensPerDay"
  | "costPerDayNanos"
  | "costPerMonthNanos"
  | "storageMaxBytes"
  | "storageMaxMessages"
  | "pictureMaxBytes"
  | "fileMaxBytes";

/** A limit that an administrator has set, for one user or for a role. */
export interface OwnerLimitsTable {
  /** null for a limit of a role. */
  userId: string | null;
  /** null for a limit of one user. */
  role: Role | "guest" | null;
  name: LimitName;
  /** null: no limit. */
  value: number | null;
}

/** What an administrator did. Rows are inserted, and triggers refuse any change. */
export interface AuditEventsTable {
  id: string;
  actorId: string;
  action: string;
  targetType: string;
  targetId: string;
  /** The owner of the target; null for a target without an owner. */
  ownerId: string | null;
  createdAt: number;
  /** Why the administrator did it; null when no reason was asked for. */
  reason: string | null;
  /** The request with which it was done; null in older events. */
  requestId: string | null;
  /** JSON; null for no details. The worker parses it when it reads the row. */
  details: string | null;
}

/** What administrators have changed of the site's settings: at most one row. */
export interface SiteSettingsTable {
  id: 1;
  /** Counts the changes. */
  version: number;
  /** Identifies the last change. */
  changeId: string;
  /** A JSON object. The worker parses it when it reads the row. */
  value: string;
  /** What is set for models, a JSON object; null for nothing. */
  models: string | null;
  /** What all users may cost in a day, in nano-dollars; null for no limit. */
  costPerDayNanos: number | null;
  updatedAt: number;
}

/** How many users there are at the end of a day; kept by triggers. */
export interface UserDaysTable {
  /** YYYY-MM-DD, UTC. A day without changes has no row. */
  day: string;
  accounts: number;
  guests: number;
  /** That came on this day. */
  newAccounts: Defaulted<number>;
  newGuests: Defaulted<number>;
}

/** The last run of each job of the cron. */
export interface JobRunsTable {
  /** Of a job of the cron. */
  name: string;
  startedAt: number;
  endedAt: number;
  /** `unfinished`: the next run goes on. */
  outcome: "done" | "unfinished" | "failed";
  steps: number;
  /** Why the run failed, shortened. */
  error: string | null;
  /** The end of the last run that was done. */
  doneAt: number | null;
}

/** The home database: small and global, with users and what belongs to accounts. */
export interface HomeDatabase {
  users: UsersTable;
  sessions: SessionsTable;
  apiTokens: ApiTokensTable;
  passwordResets: PasswordResetsTable;
  invites: InvitesTable;
  pushSubscriptions: PushSubscriptionsTable;
  publicChats: PublicChatsTable;
  auditEvents: AuditEventsTable;
  ownerLimits: OwnerLimitsTable;
  siteSettings: SiteSettingsTable;
  userDays: UserDaysTable;
  jobRuns: JobRunsTable;
}

/** The uploads that versions of documents show; kept by a trigger. */
export interface DocumentFilesTable {
  userId: string;
  documentId: string;
  version: number;
  uploadId: string;
}

/**
 * The content database: everything that belongs to one user, and sums over its users. No query joins
 * it with home.
 */
export interface ContentDatabase {
  chats: ChatsTable;
  messages: MessagesTable;
  openStreams: OpenStreamsTable;
  votes: VotesTable;
  preferences: PreferencesTable;
  usageDays: UsageDaysTable;
  uploads: UploadsTable;
  messageFiles: MessageFilesTable;
  documents: DocumentsTable;
  documentVersions: DocumentVersionsTable;
  suggestions: SuggestionsTable;
  documentFiles: DocumentFilesTable;
  searchChanges: SearchChangesTable;
  contentUse: ContentUseTable;
  goneChats: GoneChatsTable;
  contentDays: ContentDaysTable;
  answerDays: AnswerDaysTable;
  voteDays: VoteDaysTable;
}

export type UserRow = Selectable<UsersTable>;
export type NewUserRow = Insertable<UsersTable>;
export type SessionRow = Selectable<SessionsTable>;
export type ApiTokenRow = Selectable<ApiTokensTable>;
export type PushSubscriptionRow = Selectable<PushSubscriptionsTable>;
export type AuditEventRow = Selectable<AuditEventsTable>;
export type PasswordResetRow = Selectable<PasswordResetsTable>;
export type ChatRow = Selectable<ChatsTable>;
export type UploadRow = Selectable<UploadsTable>;
export type MessageRow = Selectable<MessagesTable>;
export type NewMessageRow = Insertable<MessagesTable>;
