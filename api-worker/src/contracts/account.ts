import { z } from "zod";
import { limits } from "./limits.ts";

/** What a token may do with what belongs to its user. */
const ownScopes = ["streams", "chats:read", "chats:write"] as const;
/** What a token of an administrator may do with what belongs to all. */
const adminScopes = ["admin:read"] as const;
const ownScopeSchema = z.enum(ownScopes);
const adminScopeSchema = z.enum(adminScopes);
const tokenScopes = [...ownScopes, ...adminScopes] as const;
const tokenScopeSchema = z.enum(tokenScopes);
/** The scopes of one token, also as the database keeps them. */
export const tokenScopesSchema = z.array(tokenScopeSchema);
export type TokenScope = z.infer<typeof tokenScopeSchema>;

/** Whether a token gets a scope only from an administrator. */
export function isAdminScope(scope: TokenScope): scope is z.infer<typeof adminScopeSchema> {
  return adminScopeSchema.safeParse(scope).success;
}

export const createTokenInput = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Enter a name for this token.")
    .max(limits.nameMaxLength, `Use at most ${limits.nameMaxLength} characters.`),
  scopes: z
    .array(tokenScopeSchema)
    .min(1, "Select at least one scope.")
    .max(tokenScopes.length, "List each scope only once."),
  /** null for a token that never expires. */
  expiresInDays: z.int().min(1).max(limits.tokenLifeMaxDays).nullable(),
});

export const tokenOutput = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(ownScopeSchema),
  /** Apart from the others, because older pages know only those. */
  adminScopes: z.array(adminScopeSchema),
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
  /** Rounded to the hour. */
  lastUsedAt: z.number().nullable(),
});
export type TokenOutput = z.infer<typeof tokenOutput>;

/** Includes the token itself, which is never shown again. */
export const createdTokenOutput = tokenOutput.extend({ token: z.string() });
export type CreatedTokenOutput = z.infer<typeof createdTokenOutput>;

export const tokenIdInput = z.object({ tokenId: z.uuid() });
