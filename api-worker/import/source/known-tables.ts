/** The template's tables, as all of its released states together have them. */

/** The columns that are copied, by table. Others are kept in tables of their own. */
const columnsByTable: Readonly<Record<string, readonly string[]>> = {
  User: [
    "id",
    "email",
    "password",
    "name",
    "emailVerified",
    "isAnonymous",
    "createdAt",
    "updatedAt",
  ],
  Chat: ["id", "createdAt", "title", "userId", "visibility", "messages"],
  Message: ["id", "chatId", "role", "content", "createdAt"],
  Message_v2: ["id", "chatId", "role", "parts", "attachments", "createdAt"],
  Vote: ["chatId", "messageId", "isUpvoted"],
  Vote_v2: ["chatId", "messageId", "isUpvoted"],
  Document: ["id", "createdAt", "title", "content", "text", "kind", "userId"],
  Suggestion: [
    "id",
    "documentId",
    "documentCreatedAt",
    "originalText",
    "suggestedText",
    "description",
    "isResolved",
    "userId",
    "createdAt",
  ],
};

/** A map, because the owner's tables may have any name. */
export const knownColumns: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(columnsByTable),
);

/**
 * Tables that are read and not kept: streams name what ended long ago in Redis; sessions and
 * verifications let people in without a password; an account's password is kept with its user.
 */
export const droppedTables = ["Stream", "Session", "Verification", "Account"] as const;

/** A row whose parent is missing, because a foreign key was taken off. */
export interface OrphanRule {
  readonly table: string;
  readonly column: string;
  readonly parent: string;
}

/** In the order in which they are looked at. */
export const orphanRules: readonly OrphanRule[] = [
  { table: "Chat", column: "userId", parent: "User" },
  { table: "Message", column: "chatId", parent: "Chat" },
  { table: "Message_v2", column: "chatId", parent: "Chat" },
  { table: "Vote", column: "chatId", parent: "Chat" },
  { table: "Vote_v2", column: "chatId", parent: "Chat" },
  { table: "Document", column: "userId", parent: "User" },
  { table: "Suggestion", column: "documentId", parent: "Document" },
];
