/** Reads from the source what converting a group needs to know of all others. */
import { type ChatGroup, documentCallsOf } from "./convert/chats/plan-chat.ts";
import type { ConvertContext } from "./convert/context.ts";
import {
  buildDocumentLinks,
  type DocumentCall,
  type DocumentHead,
  type DocumentLinks,
  documentHeadOf,
  noLinks,
  type SuggestionHead,
  suggestionHeadOf,
} from "./convert/documents/links.ts";
import { decideEmails, type EmailUser, emailUserOf } from "./convert/emails.ts";
import type { Source } from "./model.ts";

/** The template's tools that make versions of documents, or suggestions. */
const documentTools = ["createDocument", "updateDocument", "editDocument", "requestSuggestions"];
/** Chats that are read at once. */
const chatsAtOnce = 50;

/**
 * Reads the context of a run. It holds every user, and every document that a chat's model has
 * written, without its content.
 *
 * @param zone the IANA name of the zone of times without one
 * @throws what the source throws
 */
export async function readContext(source: Source, zone: string): Promise<ConvertContext> {
  const users = await readUsers(source);
  const context: ConvertContext = {
    ...{ shape: source.shape, zone, links: noLinks },
    emails: decideEmails(users),
    userIds: new Set(users.map(({ id }) => id)),
    repeatedMessageIds: new Set(await source.listRepeatedMessageIds()),
  };
  return { ...context, links: await readLinks(source, context) };
}

async function readUsers(source: Source): Promise<EmailUser[]> {
  const firstUses = await source.readFirstUses();
  const users: EmailUser[] = [];
  for await (const row of source.scan("User", has(source, "User", "id", "email", "isAnonymous"))) {
    users.push(emailUserOf(row, firstUses.get(row.id ?? "") ?? null));
  }
  return users;
}

async function readLinks(source: Source, context: ConvertContext): Promise<DocumentLinks> {
  const calls = await readCalls(source, context);
  if (calls.length === 0) return noLinks;
  const ids = new Set(calls.map(({ documentId }) => documentId));
  const { shape, zone } = context;
  const heads: DocumentHead[] = [];
  const kind = shape.documentKindColumn === null ? [] : [shape.documentKindColumn];
  const columns = has(source, "Document", "id", "createdAt", "title", "userId", ...kind);
  for await (const row of source.scan("Document", columns)) {
    if (ids.has(row.id ?? "")) heads.push(documentHeadOf(row, shape, zone));
  }
  const suggestions: SuggestionHead[] = [];
  const own = has(source, "Suggestion", "documentId", "documentCreatedAt", "createdAt");
  for await (const row of own.length > 0 ? source.scan("Suggestion", own) : []) {
    if (ids.has(row.documentId ?? "")) suggestions.push(suggestionHeadOf(row, zone));
  }
  return buildDocumentLinks(calls, heads, suggestions);
}

async function readCalls(source: Source, context: ConvertContext): Promise<DocumentCall[]> {
  if (!source.shape.tables.has("Document")) return [];
  const ids = await source.listChatsWith(documentTools);
  const calls: DocumentCall[] = [];
  for (let at = 0; at < ids.length; at += chatsAtOnce) {
    const groups = await source.readGroups("chat", ids.slice(at, at + chatsAtOnce));
    for (const group of groups) calls.push(...documentCallsOf(group as ChatGroup, context));
  }
  return calls;
}

/** Those of the columns that a table has; none for a table that does not exist. */
function has({ shape }: Source, table: string, ...names: readonly string[]): string[] {
  const columns = shape.tables.get(table)?.columns ?? [];
  return names.filter((name) => columns.some((column) => column.name === name));
}
