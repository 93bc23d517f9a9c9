import { z } from "zod";
import { reasonSchema } from "./admin-audit.ts";
import { emailSchema } from "./email-address.ts";

export const invitesPageMax = 50;
export const inviteUsesMax = 1_000;
export const inviteDaysMax = 90;

export const listInvitesInput = z.object({
  cursor: z.string().max(1_000).nullish(),
  limit: z.int().min(1).max(invitesPageMax).default(invitesPageMax),
});

export const inviteOutput = z.object({
  id: z.string(),
  /** The one address that can use it; null for any. */
  email: z.string().nullable(),
  maxUses: z.number(),
  uses: z.number(),
  createdAt: z.number(),
  expiresAt: z.number(),
  /** null for an invitation that was not revoked. */
  revokedAt: z.number().nullable(),
  /** The administrator who made it. Without an address and a name when that user is deleted. */
  createdBy: z.object({
    id: z.string(),
    email: z.string().nullable(),
    name: z.string().nullable(),
  }),
});
export type InviteOutput = z.infer<typeof inviteOutput>;

export const listInvitesOutput = z.object({
  /** Newest first. */
  items: z.array(inviteOutput),
  nextCursor: z.string().nullable(),
  /** Whether an account needs an invitation now. */
  isNeeded: z.boolean(),
});
export type ListInvitesOutput = z.infer<typeof listInvitesOutput>;

export const createInviteInput = z.object({
  /** The one address that can use it. */
  email: emailSchema.optional(),
  maxUses: z
    .int("Enter a whole number.")
    .min(1, "Enter at least 1.")
    .max(inviteUsesMax, `Enter at most ${inviteUsesMax}.`)
    .default(1),
  expiresInDays: z.int().min(1).max(inviteDaysMax).default(7),
  reason: reasonSchema.optional(),
});

export const createdInviteOutput = z.object({
  inviteId: z.string(),
  /** For the link. It is shown this once. */
  token: z.string(),
  expiresAt: z.number(),
});
export type CreatedInviteOutput = z.infer<typeof createdInviteOutput>;

export const revokeInviteInput = z.object({
  inviteId: z.uuid(),
  reason: reasonSchema.optional(),
});
