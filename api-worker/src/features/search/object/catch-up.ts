/** Brings the index up to date with D1, in steps of bounded size. */
import type { ContentDb } from "db";
import {
  type Change,
  type ChatPlace,
  chatsPageSize,
  type DocumentPlace,
  deleteBuilding,
  deleteChanges,
  findTitle,
  listChanges,
  listChats,
  listDocumentTexts,
  listMessageTexts,
  type MessagePlace,
} from "./catch-up-queries.ts";
import type { SearchIndex } from "./search-index.ts";

/**
 * Rises when `divide` or `fold` give other words for a text, or when words are stored in another
 * way: an index of an earlier version is built anew.
 */
export const wordsVersion = 2;

/** Entries that are removed at once. */
const removedAtOnce = 1_000;

/** Before all chats and documents. */
const beforeAll: ChatPlace = { updatedAt: -1, id: "" };

/**
 * Up to where documents are read, or that all are. An index that is older than documents has no such
 * state, and reads them all.
 */
const documentsReadKey = "documentsRead";
const allRead = "all";

/** What a step did. */
export interface Step {
  /** Nothing was left to do: the index has all that D1 has. */
  readonly isIdle: boolean;
  /** Characters that were indexed. */
  readonly textLength: number;
}

/** A chat that is to be read, with the place of the last message that was. */
type ChatToRead = {
  readonly chatId: string;
  /** Whether its old entries are gone. */
  readonly isEmpty: 0 | 1;
  readonly createdAt: number;
  readonly id: string;
};

export interface CatchUpDeps {
  readonly sql: SqlStorage;
  readonly transactionSync: <T>(closure: () => T) => T;
  readonly index: SearchIndex;
}

/**
 * Follows D1 in two ways. Changes wait in the table `searchChanges` until the index has them. All
 * chats are read when the index is new, lost or asked to be built anew: first their ids are listed,
 * then each chat is emptied and read, then the documents, page by page. All progress is kept with
 * the entries in one transaction, so a step that is cut off is done again from its beginning.
 */
export class CatchUp {
  readonly #deps: CatchUpDeps;

  constructor(deps: CatchUpDeps) {
    this.#deps = deps;
    deps.sql.exec(`
      CREATE TABLE IF NOT EXISTS chatsToRead (
        position INTEGER PRIMARY KEY NOT NULL,
        chatId TEXT NOT NULL UNIQUE,
        isEmpty INTEGER NOT NULL DEFAULT 0,
        createdAt INTEGER NOT NULL DEFAULT -1,
        id TEXT NOT NULL DEFAULT ''
      ) STRICT;
      CREATE TABLE IF NOT EXISTS state (
        key TEXT PRIMARY KEY NOT NULL,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;`);
    if (this.#read("wordsVersion") !== String(wordsVersion)) {
      this.#deps.transactionSync(() => this.#empty());
    }
  }

  /** Empties the index, to be built from all chats. */
  #empty(): void {
    this.#deps.index.clear();
    this.#deps.sql.exec("DELETE FROM chatsToRead");
    this.#write("wordsVersion", String(wordsVersion));
    this.#write("listed", JSON.stringify(beforeAll));
    this.#delete(documentsReadKey);
  }

  /**
   * Does one step: changes first, then chats that are to be read, then the list of chats, then
   * documents.
   *
   * @throws what D1 throws; nothing has changed then
   */
  async step(db: ContentDb, userId: string): Promise<Step> {
    const changes = await listChanges(db, userId);
    const last = changes.at(-1);
    if (last) {
      const textLength = this.#apply(changes);
      await deleteChanges(db, userId, last.id);
      return { isIdle: false, textLength };
    }
    const chat = this.#nextChat();
    if (chat) return { isIdle: false, textLength: await this.#readChat(db, userId, chat) };
    const listed = this.#listed();
    if (listed !== null) {
      await this.#listMore(db, userId, listed);
      return { isIdle: false, textLength: 0 };
    }
    const documentsRead = this.#read(documentsReadKey);
    if (documentsRead !== allRead) {
      const after: DocumentPlace = documentsRead ? JSON.parse(documentsRead) : beforeAll;
      return { isIdle: false, textLength: await this.#readDocuments(db, userId, after) };
    }
    if (this.#read("isAskedFor") !== undefined) {
      await deleteBuilding(db, userId);
      this.#delete("isAskedFor");
    }
    return { isIdle: true, textLength: 0 };
  }

  /** @returns the length of the texts */
  #apply(changes: readonly Change[]): number {
    return this.#deps.transactionSync(() => {
      let textLength = 0;
      for (const change of changes) {
        textLength += (change.text ?? change.documentText ?? "").length;
        this.#applyOne(change);
      }
      return textLength;
    });
  }

  #applyOne(change: Change): void {
    const { scope, chatId, messageId, title, messageChatId, isEnded, text } = change;
    const { index } = this.#deps;
    if (scope === "all") {
      this.#empty();
      this.#write("isAskedFor", "1");
    } else if (scope === "chat") {
      this.#enqueue(chatId);
    } else if (scope === "title") {
      if (title === null) index.remove("title", chatId);
      else index.put({ kind: "title", id: chatId, chatId }, title);
    } else if (change.documentId !== null) {
      this.#putDocument(change.documentId, change.documentTitle, change.documentText);
    } else if (messageId !== null) {
      if (messageChatId === null || !isEnded) index.remove("message", messageId);
      else index.put({ kind: "message", id: messageId, chatId: messageChatId }, text ?? "");
    }
  }

  /** @param title null when there is no such document */
  #putDocument(id: string, title: string | null, text: string | null): void {
    const { index } = this.#deps;
    for (const [kind, words] of [
      ["documentTitle", title],
      ["document", text],
    ] as const) {
      if (title === null || words === null) index.remove(kind, id);
      else index.put({ kind, id, chatId: "" }, words);
    }
  }

  /** Reads a page of documents. @returns the length of the texts */
  async #readDocuments(db: ContentDb, userId: string, after: DocumentPlace): Promise<number> {
    const documents = await listDocumentTexts(db, userId, after);
    return this.#deps.transactionSync(() => {
      for (const { id, title, text } of documents) this.#putDocument(id, title, text);
      const last = documents.at(-1);
      const place = last && JSON.stringify({ updatedAt: last.updatedAt, id: last.id });
      this.#write(documentsReadKey, place ?? allRead);
      return documents.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
    });
  }

  /** Empties a chat, then reads its messages page by page. @returns the length of the texts */
  async #readChat(db: ContentDb, userId: string, chat: ChatToRead): Promise<number> {
    const { sql, index } = this.#deps;
    const { chatId } = chat;
    if (!chat.isEmpty) {
      const title = await findTitle(db, userId, chatId);
      this.#deps.transactionSync(() => {
        if (index.removeOfChat(chatId, removedAtOnce)) return;
        if (title === undefined) {
          sql.exec("DELETE FROM chatsToRead WHERE chatId = ?", chatId);
        } else {
          index.put({ kind: "title", id: chatId, chatId }, title);
          sql.exec("UPDATE chatsToRead SET isEmpty = 1 WHERE chatId = ?", chatId);
        }
      });
      return 0;
    }
    const messages = await listMessageTexts(db, userId, chatId, chat);
    return this.#deps.transactionSync(() => {
      for (const { id, text } of messages) {
        if (text !== null) index.put({ kind: "message", id, chatId }, text);
      }
      const last: MessagePlace | undefined = messages.at(-1);
      if (last) {
        const move = "UPDATE chatsToRead SET createdAt = ?, id = ? WHERE chatId = ?";
        sql.exec(move, last.createdAt, last.id, chatId);
      } else {
        sql.exec("DELETE FROM chatsToRead WHERE chatId = ?", chatId);
      }
      return messages.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
    });
  }

  async #listMore(db: ContentDb, userId: string, after: ChatPlace): Promise<void> {
    const chats = await listChats(db, userId, after);
    this.#deps.transactionSync(() => {
      for (const { id } of chats) this.#enqueue(id);
      const last = chats.at(-1);
      if (last && chats.length === chatsPageSize) this.#write("listed", JSON.stringify(last));
      else this.#delete("listed");
    });
  }

  /** Puts a chat at the end, from its beginning. */
  #enqueue(chatId: string): void {
    const { sql } = this.#deps;
    sql.exec("DELETE FROM chatsToRead WHERE chatId = ?", chatId);
    sql.exec("INSERT INTO chatsToRead (chatId) VALUES (?)", chatId);
  }

  #nextChat(): ChatToRead | undefined {
    return this.#deps.sql
      .exec<ChatToRead>(
        "SELECT chatId, isEmpty, createdAt, id FROM chatsToRead ORDER BY position LIMIT 1",
      )
      .toArray()[0];
  }

  /** Up to where chats are listed; null when all are. */
  #listed(): ChatPlace | null {
    const json = this.#read("listed");
    return json === undefined ? null : JSON.parse(json);
  }

  #read(key: string): string | undefined {
    return this.#deps.sql
      .exec<{ value: string }>("SELECT value FROM state WHERE key = ?", key)
      .toArray()[0]?.value;
  }

  #write(key: string, value: string): void {
    this.#deps.sql.exec("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", key, value);
  }

  #delete(key: string): void {
    this.#deps.sql.exec("DELETE FROM state WHERE key = ?", key);
  }
}
