import { ChatSession } from "./chat-session.ts";
import type { ChatSessionOptions } from "./chat-state.ts";

interface Entry {
  readonly session: ChatSession;
  users: number;
}

const entries = new Map<string, Entry>();

/**
 * Returns the session of a chat, creating it if necessary. In the browser each chat that is shown
 * or busy has one session, so the page of a new chat and its page at /chat/:chatId are two views of
 * the same session.
 */
export function chatSession(options: ChatSessionOptions): ChatSession {
  // On the server each page has its own, because users must not share one.
  if (typeof document === "undefined") return new ChatSession(options);
  const entry = entries.get(options.chatId);
  // An idle session without a holder was made for a page that never appeared, and is outdated.
  if (entry && (entry.users > 0 || entry.session.isBusy)) return entry.session;
  const session = new ChatSession(options);
  entries.set(options.chatId, { session, users: 0 });
  return session;
}

/** The session of a chat that is shown or busy on this page. */
export function findSession(chatId: string): ChatSession | undefined {
  return entries.get(chatId)?.session;
}

/** All sessions that are shown or busy on this page. */
export function openSessions(): ChatSession[] {
  return Array.from(entries.values(), ({ session }) => session);
}

/**
 * Keeps a session for as long as a view shows it.
 *
 * @returns a function that releases it; a session that is still reading an answer stays until the
 *   answer has ended
 */
export function holdSession(session: ChatSession): () => void {
  const chatId = session.chat.id;
  let entry = entries.get(chatId);
  if (entry?.session !== session) {
    entry = { session, users: 0 };
    entries.set(chatId, entry);
  }
  const held = entry;
  held.users += 1;
  return () => {
    held.users -= 1;
    dropWhenIdle(chatId, held);
  };
}

function dropWhenIdle(chatId: string, entry: Entry): void {
  // The next view of the same chat takes the session over in the same commit.
  queueMicrotask(() => {
    if (entry.users > 0 || entries.get(chatId) !== entry) return;
    if (!entry.session.isBusy) {
      entries.delete(chatId);
      return;
    }
    const unsubscribe = entry.session.store.subscribe(() => {
      if (entry.session.isBusy && entry.users === 0) return;
      unsubscribe();
      dropWhenIdle(chatId, entry);
    });
  });
}
