import { z } from "zod";
import { limits } from "./limits.ts";

/** Trimmed and lower-cased, so that an address has one account. */
const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(limits.emailMaxLength, "This email address is too long.")
  .pipe(z.email("Enter a valid email address, like name@example.com."));

const newPasswordSchema = z
  .string()
  .min(limits.passwordMinLength, `Use at least ${limits.passwordMinLength} characters.`)
  .max(limits.passwordMaxLength, `Use at most ${limits.passwordMaxLength} characters.`);

export const signUpInput = z.object({
  email: emailSchema,
  password: newPasswordSchema,
  name: z.string().trim().min(1).max(limits.nameMaxLength).optional(),
});

export const logInInput = z.object({
  email: emailSchema,
  // No minimum length, because an imported account may have a shorter password.
  password: z.string().min(1, "Enter your password.").max(limits.passwordMaxLength),
});

export const viewerOutput = z.object({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  role: z.enum(["user", "admin"]),
  isGuest: z.boolean(),
});
export type ViewerOutput = z.infer<typeof viewerOutput>;

export const authOptionsOutput = z.object({
  /** Whether chatting without an account is allowed. */
  canStartGuest: z.boolean(),
});

export const sessionOutput = z.object({
  id: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
  lastSeenAt: z.number(),
  userAgent: z.string().nullable(),
  isCurrent: z.boolean(),
});
export type SessionOutput = z.infer<typeof sessionOutput>;

export const sessionIdInput = z.object({ sessionId: z.uuid() });
