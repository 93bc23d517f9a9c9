import { z } from "zod";

/** What an administrator can do that the audit log records. */
export const auditActions = [
  "file.read",
  "chat.open",
  "chat.search",
  "stream.stop",
  "user.make_admin",
  "user.unmake_admin",
  "user.disable",
  "user.enable",
  "user.end_sessions",
  "user.reset_link",
  "user.delete",
  "user.deleted",
  "invite.create",
  "invite.revoke",
  "settings.update",
  "limits.update",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Why an administrator does something, for the audit log. */
export const reasonSchema = z
  .string()
  .trim()
  .min(1, "Enter a reason.")
  .max(500, "Use at most 500 characters.");

export const auditPageMax = 100;

export const listAuditInput = z.object({
  action: z.enum(auditActions).optional(),
  /** The administrator, by id or email address. */
  actor: z.string().trim().min(1).max(254).optional(),
  /** The user whom it concerned, by id or email address. */
  about: z.string().trim().min(1).max(254).optional(),
  /** Epoch milliseconds: events from this time on, and before this time. */
  from: z.int().optional(),
  until: z.int().optional(),
  cursor: z.string().max(1_000).nullish(),
  limit: z.int().min(1).max(auditPageMax).default(50),
});

/** A user of an event. Without an address and a name when the user is deleted. */
const auditUserOutput = z.object({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
});
export type AuditUserOutput = z.infer<typeof auditUserOutput>;

export const auditEventOutput = z.object({
  id: z.string(),
  createdAt: z.number(),
  /** One of `auditActions`, or of an earlier version. */
  action: z.string(),
  actor: auditUserOutput,
  targetType: z.string(),
  targetId: z.string(),
  /** The owner of the target, or the user that it is; null for a target without an owner. */
  owner: auditUserOutput.nullable(),
  reason: z.string().nullable(),
  /** null in events of an earlier version. */
  requestId: z.string().nullable(),
  /** Facts for people to read. */
  details: z.record(z.string(), z.unknown()).nullable(),
});
export type AuditEventOutput = z.infer<typeof auditEventOutput>;

export const listAuditOutput = z.object({
  /** Newest first. */
  items: z.array(auditEventOutput),
  nextCursor: z.string().nullable(),
});
export type ListAuditOutput = z.infer<typeof listAuditOutput>;
