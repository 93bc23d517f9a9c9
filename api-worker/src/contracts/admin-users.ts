import { z } from "zod";
import { tokenOutput } from "./account.ts";
import { reasonSchema } from "./admin-audit.ts";
import { sessionOutput } from "./auth.ts";
import { usageInput, usageOutput } from "./usage.ts";

export const usersPageMax = 50;

/** The lists of users: those with an account, guests, and parts of them. */
export const userKinds = ["accounts", "guests", "admins", "disabled"] as const;
export type UserKind = (typeof userKinds)[number];

/** Guests have no address, so their list by email is sorted by time, newest first. */
export const userSorts = ["newest", "oldest", "email"] as const;
export type UserSort = (typeof userSorts)[number];

export const listUsersInput = z.object({
  kind: z.enum(userKinds).default("accounts"),
  sort: z.enum(userSorts).default("newest"),
  /**
   * A user's id, the domain of an address with its @, or the beginning of an address or a name.
   * Users that are found come in the order of what was found, whatever `sort` says.
   */
  search: z.string().trim().min(1).max(254).optional(),
  cursor: z.string().max(1_000).nullish(),
  limit: z.int().min(1).max(usersPageMax).default(usersPageMax),
});

const userFacts = z.object({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  role: z.enum(["user", "admin"]),
  isGuest: z.boolean(),
  createdAt: z.number(),
  /** null for a user who is not disabled. */
  disabledAt: z.number().nullable(),
  /** The last use of a session that has not ended; null without one. */
  lastSeenAt: z.number().nullable(),
});

export const listedUserOutput = userFacts.extend({
  chats: z.number(),
  messages: z.number(),
  /** Of text, files and open streams. */
  storedBytes: z.number(),
});
export type ListedUserOutput = z.infer<typeof listedUserOutput>;

export const listUsersOutput = z.object({
  items: z.array(listedUserOutput),
  nextCursor: z.string().nullable(),
});
export type ListUsersOutput = z.infer<typeof listUsersOutput>;

export const userIdInput = z.object({ userId: z.uuid() });

export const userOutput = userFacts.extend({
  emailVerifiedAt: z.number().nullable(),
  /** Whether it is the administrator who asks. */
  isViewer: z.boolean(),
  /** Whether `ADMIN_EMAILS` has the address, so that a login would make an administrator again. */
  isNamedAdmin: z.boolean(),
});
export type UserOutput = z.infer<typeof userOutput>;

const changeInput = userIdInput.extend({ reason: reasonSchema.optional() });

export const setRoleInput = changeInput.extend({ role: z.enum(["user", "admin"]) });

/** Of `disable` and `enable`. */
export const disableInput = changeInput;

export const endSessionsInput = changeInput.extend({ withTokens: z.boolean().default(false) });

export const resetLinkInput = changeInput;

export const resetLinkOutput = z.object({
  /** The path of the link, with a secret that is shown this once. */
  path: z.string(),
  /** Until when the link works, in epoch milliseconds. */
  expiresAt: z.number(),
});
export type ResetLinkOutput = z.infer<typeof resetLinkOutput>;

export const deleteUserInput = changeInput.extend({
  /** The user's address, or the name of a guest, to prevent a deletion by mistake. */
  confirmation: z.string().trim().max(254),
});

/** What confirms the deletion of a user, in lower case. */
export function confirmTextOf({ email, id }: Pick<UserOutput, "email" | "id">): string {
  return email ?? `guest ${id.slice(-8)}`;
}

export const deletedUserOutput = z.object({
  /** Rows, by table. */
  removed: z.record(z.string(), z.number()),
});
export type DeletedUserOutput = z.infer<typeof deletedUserOutput>;

export const userUsageInput = userIdInput.extend({ days: usageInput.shape.days });
export const userUsageOutput = usageOutput.omit({ hasWaitingChats: true });

/** How the user can be logged in now. */
export const userAccessOutput = z.object({
  /** Last used first. */
  sessions: z.array(sessionOutput.omit({ isCurrent: true })),
  /** Newest first. */
  tokens: z.array(tokenOutput),
});
export type UserAccessOutput = z.infer<typeof userAccessOutput>;

/** Of a user's documents and of a user's files. */
export const userContentInput = userIdInput.extend({
  cursor: z.string().max(1_000).nullish(),
  limit: z.int().min(1).max(50).default(20),
});

export const userDocumentsOutput = z.object({
  /** Last changed first. */
  items: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      /** null while the operator keeps chats closed. */
      title: z.string().nullable(),
      version: z.number(),
      /** The chat in which the model made it; null for one that was made by hand. */
      chatId: z.string().nullable(),
      updatedAt: z.number(),
    }),
  ),
  nextCursor: z.string().nullable(),
});
export type UserDocumentsOutput = z.infer<typeof userDocumentsOutput>;

export const userFilesOutput = z.object({
  /** Newest first. */
  items: z.array(
    z.object({
      id: z.string(),
      /** null while the operator keeps chats closed. */
      name: z.string().nullable(),
      mediaType: z.string().nullable(),
      bytes: z.number(),
      createdAt: z.number(),
    }),
  ),
  nextCursor: z.string().nullable(),
});
export type UserFilesOutput = z.infer<typeof userFilesOutput>;
