/** The source, as the rows that the target should have. */
import { hash } from "node:crypto";
import type { GroupKind, RawGroup, Source, SourceGroup, Target } from "../model.ts";
import { inBatches } from "../source/batches.ts";
import type { ComparedRow } from "./compare/compared-row.ts";
import { expectChat, filesOfChat, largeMessages, placeChat } from "./expect/chat.ts";
import type { ExpectContext, UploadFacts } from "./expect/context.ts";
import { idHere, uploadIdFor } from "./expect/derived-id.ts";
import { expectDocument, filesOfDocument } from "./expect/document.ts";
import { Addresses, expectUser } from "./expect/user.ts";
import { readOverflow } from "./stored/overflow.ts";

/** Groups that are read together, and bytes of their rows. */
const batchBounds = { groups: 500, bytes: 12_000_000 };
/** The kinds whose tables the product knows. */
export const comparedKinds = ["user", "chat", "document"] as const;

/** Where and when a file is named. */
export interface FilePlace {
  /** null for a document, whose chat is a matter of the target. */
  readonly chatId: string | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

interface FileName extends FilePlace {
  readonly userId: string;
  readonly url: string;
}

/** A file that the source names. Of one that is part of a row, the sum is known at once. */
export interface NamedFile {
  /** An `https:` address; null for a file that is part of a row. */
  readonly url: string | null;
  readonly sha256: string | null;
  readonly places: readonly FilePlace[];
}

interface LargeMessage extends FilePlace {
  readonly userId: string;
  readonly id: string;
}

export class ExpectedSource {
  readonly #source: Source;
  readonly #target: Target;
  readonly #zone: string;
  readonly #addresses = new Addresses();
  readonly #repeatedIds = new Set<string>();
  /** Every file of the groups that were read, by `userId uploadId`. */
  readonly files = new Map<string, NamedFile>();

  constructor(source: Source, target: Target, zone: string) {
    this.#source = source;
    this.#target = target;
    this.#zone = zone;
  }

  /** Reads what depends on all users or all chats. To be called before rows are read. */
  async prepare(): Promise<void> {
    for await (const groups of this.#batches("user")) {
      for (const group of groups) if (group.kind === "user") this.#addresses.add(group);
    }
    for (const id of await this.#source.listRepeatedMessageIds()) this.#repeatedIds.add(id);
  }

  listGroups(kind: GroupKind): AsyncIterable<SourceGroup> {
    return this.#source.listGroups([kind]);
  }

  /** The rows of all groups of a kind, batch by batch. */
  async *readAll(kind: GroupKind): AsyncGenerator<readonly ComparedRow[]> {
    for await (const groups of this.#batches(kind)) yield await this.#expect(groups);
  }

  /** The rows that these groups should have in the target. A group that is not there has none. */
  async read(kind: GroupKind, ids: readonly string[]): Promise<readonly ComparedRow[]> {
    return await this.#expect(await this.#source.readGroups(kind, ids));
  }

  /** The next batch is read while the caller works on one. */
  async *#batches(kind: GroupKind): AsyncGenerator<readonly RawGroup[]> {
    let next: Promise<readonly RawGroup[]> | null = null;
    for await (const batch of inBatches(this.listGroups(kind), batchBounds)) {
      const ids = batch.map(({ id }) => id);
      const reading = this.#source.readGroups(kind, ids);
      // A failure is thrown where it is awaited, which may be never.
      reading.catch(() => {});
      if (next) yield await next;
      next = reading;
    }
    if (next) yield await next;
  }

  async #expect(groups: readonly RawGroup[]): Promise<readonly ComparedRow[]> {
    const { shape } = this.#source;
    const [zone, repeatedIds] = [this.#zone, this.#repeatedIds];
    const files: FileName[] = [];
    const large: LargeMessage[] = [];
    const makers = groups.map((group): ((context: ExpectContext) => readonly ComparedRow[]) => {
      switch (group.kind) {
        case "user":
          return (context) => expectUser(group, context);
        case "chat": {
          const placed = placeChat(group, { zone, repeatedIds });
          const { userId, id: chatId } = placed;
          for (const file of filesOfChat(placed)) files.push({ userId, chatId, ...file });
          for (const { id, createdAt } of largeMessages(placed)) {
            large.push({ userId, id, chatId, createdAt });
          }
          return (context) => expectChat(group, placed, context);
        }
        case "document":
          for (const file of filesOfDocument(group, { shape, zone })) {
            files.push({ ...file, chatId: null });
          }
          return (context) => expectDocument(group, context);
        default:
          // Tables that the product does not know are compared by themselves.
          return () => [];
      }
    });
    const uploads = await this.#findUploads(files);
    const overflows = await this.#findOverflows(large);
    const context = { shape, zone, uploads, overflows, addresses: this.#addresses, repeatedIds };
    return makers.flatMap((make) => make(context));
  }

  /** Which of these messages are too large for a row in the target. */
  async #findOverflows(messages: readonly LargeMessage[]) {
    const found = new Map<string, string>();
    for (const { userId, id, chatId, createdAt } of messages) {
      const [row] = await this.#target.query<{ parts: string }>("content", {
        sql: "SELECT parts FROM messages WHERE userId = ? AND id = ?",
        params: [userId, id],
      });
      const overflow = row && (await readOverflow(this.#target, { userId, id, ...row }));
      if (overflow) found.set(`${userId} ${id}`, overflow.uploadId);
      if (!overflow) continue;
      this.#name(userId, overflow.uploadId, { url: null, sha256: null }, { chatId, createdAt });
    }
    return found;
  }

  #name(userId: string, uploadId: string, file: Omit<NamedFile, "places">, place: FilePlace): void {
    const key = `${userId} ${uploadId}`;
    const places = this.files.get(key)?.places ?? [];
    const isKnown = places.some(
      ({ chatId, createdAt }) => chatId === place.chatId && createdAt === place.createdAt,
    );
    this.files.set(key, { ...file, places: isKnown ? places : [...places, place] });
  }

  /** The rows of `uploads` for files of the source, by `userId uploadId`. */
  async #findUploads(files: readonly FileName[]): Promise<ReadonlyMap<string, UploadFacts>> {
    if (files.length === 0) return new Map();
    for (const file of files) {
      const { userId, url, chatId, createdAt } = file;
      this.#name(userId, uploadIdFor(userId, url), nameFile(url), { chatId, createdAt });
    }
    const keys = files.map(({ userId, url }) => [userId, uploadIdFor(userId, url)]);
    const rows = await this.#target.query<UploadFacts & { userId: string; id: string }>("content", {
      sql: `SELECT userId, id, name, mediaType, bytes, sha256, width, height FROM uploads
        WHERE state = 'ready' AND (userId, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
      params: [JSON.stringify(keys)],
    });
    return new Map(rows.map((row) => [`${row.userId} ${row.id}`, row]));
  }
}

/** The id that a group has in the target. */
export function groupHere(kind: GroupKind, id: string): string {
  return kind === "chat" || kind === "document" ? idHere(id, kind) : id;
}

function nameFile(url: string): Omit<NamedFile, "places"> {
  if (/^https?:/i.test(url)) return { url, sha256: null };
  const [, encoding, data = ""] = /^data:[^,]*?(;base64)?,(.*)$/is.exec(url) ?? [];
  if (!url.startsWith("data:")) return { url: null, sha256: null };
  const bytes = encoding ? Buffer.from(data, "base64") : Buffer.from(decodeURIComponent(data));
  return { url: null, sha256: hash("sha256", bytes, "hex") };
}
