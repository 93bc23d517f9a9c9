import type { AuditAction, AuditEventOutput } from "api-worker/contracts/admin-audit";

/** What each action is called in the filter, and the words before and after the user it concerned. */
const actions: Record<AuditAction, readonly [name: string, before: string, after: string]> = {
  "file.read": ["File opened", "opened a file of", ""],
  "chat.open": ["Chat opened", "opened a chat of", ""],
  "chat.search": ["Chats searched", "searched the chats of", ""],
  "stream.stop": ["Answer stopped", "stopped an answer of", ""],
  "user.make_admin": ["Administrator added", "made", "an administrator"],
  "user.unmake_admin": ["Administrator removed", "removed", "as an administrator"],
  "user.disable": ["User disabled", "disabled", ""],
  "user.enable": ["User enabled", "enabled", ""],
  "user.end_sessions": ["Sessions ended", "logged", "out everywhere"],
  "user.reset_link": ["Password link created", "made a link for a new password of", ""],
  "user.delete": ["Deletion started", "began to delete", ""],
  "user.deleted": ["User deleted", "deleted", "with all data"],
  "invite.create": ["Invitation created", "created the invitation", ""],
  "invite.revoke": ["Invitation revoked", "revoked the invitation", ""],
  "settings.update": ["Settings changed", "changed the settings of the", ""],
  "limits.update": ["Limits changed", "changed the limits of", ""],
};

/** The actions by which the log can be filtered. */
export const actionNames = Object.entries(actions).map(([value, [label]]) => ({
  value: value as AuditAction,
  label,
}));

/** The words of an event around the user whom it concerned. */
export function wordsOf({ action }: AuditEventOutput): { before: string; after: string } {
  const [, before, after] = actions[action as AuditAction] ?? ["", `did ${action} to`, ""];
  return { before, after };
}

/** The details of an event as a line: "chats: 3, messages: 12". */
export function detailsText(details: AuditEventOutput["details"]): string {
  return Object.entries(details ?? {})
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(", ");
}

function valueText(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).map(([name, part]) => `${name} ${valueText(part)}`);
  return entries.join(", ");
}
