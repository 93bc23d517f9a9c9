import type { TokenScope } from "api-worker/contracts/account";

/** Title and description of each scope, as shown to users. */
export const tokenScopeTexts: Readonly<Record<TokenScope, { title: string; note: string }>> = {
  "chats:read": {
    title: "Read chats",
    note: "List and read your chats and files, and follow answers as they stream.",
  },
  "chats:write": {
    title: "Write chats",
    note: "Send messages, stop answers, upload files, and rename, share, or delete chats and files.",
  },
  streams: {
    title: "Open streams",
    note: "Create, append to, read, and delete your streams.",
  },
  "admin:read": {
    title: "Read administration",
    note: "Read what Administration shows: users, chats, streams, settings, and the audit log. Works only while you’re an administrator.",
  },
};

/** The scopes that someone may give to a token, in display order. */
export function scopesFor({ isAdmin }: { isAdmin: boolean }): TokenScope[] {
  const scopes = Object.keys(tokenScopeTexts) as TokenScope[];
  return scopes.filter((scope) => isAdmin || scope !== "admin:read");
}

/** Lifetimes to choose from, in days; null: until the token is revoked. */
export const tokenLives = [
  { days: 30, label: "In 30 days" },
  { days: 90, label: "In 90 days" },
  { days: 365, label: "In a year" },
  { days: null, label: "Never" },
] as const;
