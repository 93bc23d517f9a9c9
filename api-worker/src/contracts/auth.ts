import { z } from "zod";
import { emailSchema } from "./email-address.ts";
import { limits } from "./limits.ts";

const tooLong = `Use at most ${limits.passwordMaxLength} characters.`;

/** Characters as a person counts them, the same for both ways to write a letter with an accent. */
const lengthOf = (password: string) => [...password.normalize("NFC")].length;

/** Any text that may be the password of an account. Older ones may be shorter than new ones. */
const passwordSchema = z
  .string()
  .min(1, "Enter your password.")
  .max(limits.passwordMaxUnits, tooLong);

const newPasswordSchema = z
  .string()
  .max(limits.passwordMaxUnits, tooLong)
  .refine((password) => lengthOf(password) >= limits.passwordMinLength, {
    error: `Use at least ${limits.passwordMinLength} characters.`,
  })
  .refine((password) => lengthOf(password) <= limits.passwordMaxLength, { error: tooLong });

/** From Turnstile's widget, where the operator has turned it on. */
const turnstileToken = z.string().min(1).max(2_048);

export const startCheckedGuestInput = z.object({ turnstileToken });

export const signUpInput = z.object({
  turnstileToken: turnstileToken.optional(),
  email: emailSchema,
  password: newPasswordSchema,
  name: z.string().trim().min(1).max(limits.nameMaxLength).optional(),
  /** Of an invitation's link: its id and its secret. */
  invite: z.string().max(200).optional(),
});

export const logInInput = z.object({
  email: emailSchema,
  password: passwordSchema,
});

export const changePasswordInput = z.object({
  currentPassword: passwordSchema,
  newPassword: newPasswordSchema,
  /** Also revokes every API token. */
  revokeTokens: z.boolean().default(false),
});

export const resetPasswordInput = z.object({
  /** Of the link that the operator has made: its id and its secret. */
  token: z.string().max(200),
  newPassword: newPasswordSchema,
  /** Also revokes every API token. */
  revokeTokens: z.boolean().default(false),
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
  /** Who can create an account; missing when anyone can. */
  signUp: z
    .object({
      /**
       * "off" also where an invitation is needed: pages that know no invitations show that no one can
       * sign up.
       */
      mode: z.enum(["open", "domains", "off"]),
      /** The domains of the email addresses that can, with the mode "domains". */
      domains: z.array(z.string()),
      /** Whether an account begins with an invitation. */
      isByInvite: z.boolean().optional(),
    })
    .optional(),
  /** Whether chatting without an account is allowed. */
  canStartGuest: z.boolean(),
  /** Turnstile's widget; missing when visitors need no check. */
  turnstile: z
    .object({
      siteKey: z.string(),
      /** Of the server that the widget comes from. */
      url: z.string(),
    })
    .optional(),
});

export type AuthOptionsOutput = z.infer<typeof authOptionsOutput>;

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
