/**
 * Which call of which message has made which version of a document. The template did not write it
 * down, so it is found over all chats and documents at once: a call names its document, a message was
 * written after the versions that its calls made, and the calls are in order, as the versions are.
 */

import type { DocumentKind } from "../../../src/contracts/documents.ts";
import { limits } from "../../../src/contracts/limits.ts";
import type { RawRow, SourceShape } from "../../model.ts";
import { keptId } from "../ids.ts";
import { microsOf } from "../time.ts";
import { titleOf } from "../values.ts";
import { kindOf, languageOf } from "./document-kinds.ts";

export type DocumentAction = "create" | "update" | "edit" | "suggest";

/** A call of a tool for documents that came to its end. Ids of chats and messages are those here. */
export interface DocumentCall {
  readonly userId: string;
  readonly chatId: string;
  readonly messageId: string;
  readonly toolCallId: string;
  /** As the source has it. */
  readonly documentId: string;
  readonly action: DocumentAction;
  /** When the message was written; null when that cannot be read. */
  readonly micros: number | null;
}

/** A row of `Document` without its content. */
export interface DocumentHead {
  readonly id: string;
  readonly userId: string;
  readonly micros: number | null;
  readonly kind: DocumentKind;
  readonly title: string;
}

/** A row of `Suggestion` without its texts. */
export interface SuggestionHead {
  readonly documentId: string;
  readonly documentMicros: number | null;
  readonly micros: number | null;
}

/** What a message shows for a call. */
export interface LinkedCall {
  /** As it is here. */
  readonly documentId: string;
  readonly kind: DocumentKind;
  readonly title: string;
  readonly language: string | null;
  readonly action: DocumentAction;
  readonly version: number;
  readonly baseVersion: number | null;
  /** For `suggest`. */
  readonly suggestionCount: number | null;
}

export interface DocumentOrigin {
  /** The chat whose model made the document; null for one that a person made. */
  readonly chatId: string | null;
  /** The message that made each version, by the version; the others are a person's. */
  readonly messageIds: ReadonlyMap<number, string>;
}

export interface DocumentLinks {
  /** By {@link callKey}. */
  readonly byCall: ReadonlyMap<string, LinkedCall>;
  /** By {@link documentKey}. */
  readonly byDocument: ReadonlyMap<string, DocumentOrigin>;
  /** The linked calls of each chat, by the chat's id here. */
  readonly byChat: ReadonlyMap<string, readonly LinkedCall[]>;
  /** The users with a linked document of an id: one, as a rule. By the id at the source. */
  readonly ownersOf: ReadonlyMap<string, readonly string[]>;
}

export const noLinks: DocumentLinks = {
  ...{ byCall: new Map(), byDocument: new Map(), byChat: new Map(), ownersOf: new Map() },
};

export function callKey(call: Pick<DocumentCall, "messageId" | "toolCallId">): string {
  return `${call.messageId} ${call.toolCallId}`;
}

/** @param documentId as the source has it */
export function documentKey(userId: string, documentId: string): string {
  return `${userId} ${documentId}`;
}

/** Reads a head from a row of `Document`, whose content is not looked at. */
export function documentHeadOf(row: RawRow, shape: SourceShape, zone: string): DocumentHead {
  return {
    id: row.id ?? "",
    userId: row.userId ?? "",
    micros: microsOf(row.createdAt, zone),
    kind: kindOf(row, shape) ?? "text",
    title: titleOf(row.title, limits.titleMaxLength),
  };
}

/** Reads a head from a row of `Suggestion`, whose texts are not looked at. */
export function suggestionHeadOf(row: RawRow, zone: string): SuggestionHead {
  return {
    documentId: row.documentId ?? "",
    documentMicros: microsOf(row.documentCreatedAt, zone),
    micros: microsOf(row.createdAt, zone),
  };
}

/**
 * Finds the links.
 *
 * @param calls of all chats, those of one chat in order (see `documentCallsOf`)
 * @param heads of all documents with a call, in any order
 * @param suggestions of these documents, in any order
 */
export function buildDocumentLinks(
  calls: Iterable<DocumentCall>,
  heads: Iterable<DocumentHead>,
  suggestions: Iterable<SuggestionHead>,
): DocumentLinks {
  const byCall = new Map<string, LinkedCall>();
  const byDocument = new Map<string, DocumentOrigin>();
  const byChat = new Map<string, LinkedCall[]>();
  const ownersOf = new Map<string, string[]>();
  const callsOf = Map.groupBy(calls, (call) => documentKey(call.userId, call.documentId));
  const headsOf = Map.groupBy(heads, (head) => documentKey(head.userId, head.id));
  const suggestionsOf = Map.groupBy(suggestions, ({ documentId }) => documentId);
  for (const [key, its] of callsOf) {
    const versions = headsOf.get(key)?.sort(byTime);
    if (!versions) continue;
    const linking = new Linking(versions, suggestionsOf.get(versions[0]?.id ?? "") ?? []);
    const messages = Map.groupBy(its.sort(byTime), ({ messageId }) => messageId);
    for (const ofMessage of messages.values()) linking.add(ofMessage);
    for (const [call, linked] of linking.linked) {
      // A call that has been repeated under one id is linked once.
      if (byCall.has(callKey(call))) continue;
      byCall.set(callKey(call), linked);
      addTo(byChat, call.chatId, linked);
    }
    byDocument.set(key, { chatId: linking.chatId, messageIds: linking.messageIds });
    if (versions[0]) addTo(ownersOf, versions[0].id, versions[0].userId);
  }
  return { byCall, byDocument, byChat, ownersOf };
}

function addTo<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}

interface Timed {
  readonly micros: number | null;
}

/** Without a time comes last; the sort keeps the order of equal ones. */
function byTime(a: Timed, b: Timed): number {
  return timeOrEnd(a) - timeOrEnd(b);
}

function timeOrEnd({ micros }: Timed): number {
  return micros ?? Number.MAX_SAFE_INTEGER;
}

/** The calls of one document, message by message. */
class Linking {
  readonly linked = new Map<DocumentCall, LinkedCall>();
  readonly messageIds = new Map<number, string>();
  chatId: string | null = null;
  readonly #versions: readonly DocumentHead[];
  #suggestions: readonly SuggestionHead[];
  /** How many versions the calls before have passed. */
  #passed = 0;

  constructor(versions: readonly DocumentHead[], suggestions: readonly SuggestionHead[]) {
    this.#versions = versions;
    this.#suggestions = suggestions;
  }

  /** @param calls of one message, in order */
  add(calls: readonly DocumentCall[]): void {
    const [first] = calls;
    if (!first) return;
    const until = timeOrEnd(first);
    const makers = calls.filter(({ action }) => action !== "suggest");
    const made = this.#madeBy(makers, until);
    for (const [index, call] of makers.entries()) {
      const at = made[index];
      if (at === undefined) continue;
      this.#link(call, at, null);
      this.#passed = at + 1;
      if (this.messageIds.has(at + 1)) continue;
      this.messageIds.set(at + 1, call.messageId);
      this.chatId ??= call.chatId;
    }
    for (const call of calls) if (call.action === "suggest") this.#suggest(call, until);
  }

  /**
   * The versions that the calls of a message have made: the last ones before it was written. A call
   * without one made a version that was deleted since.
   */
  #madeBy(makers: readonly DocumentCall[], until: number): readonly (number | undefined)[] {
    const isNew = makers[0]?.action === "create" && this.#passed === 0;
    const firstFree = isNew ? 1 : this.#passed;
    const count = isNew ? makers.length - 1 : makers.length;
    const due = [...this.#versions.keys()].filter((at) => at >= firstFree && this.#isBy(at, until));
    const chosen = count === 0 ? [] : due.slice(-count);
    const deleted = Array.from({ length: count - chosen.length }, () => undefined);
    return [...(isNew ? [0] : []), ...deleted, ...chosen];
  }

  #isBy(at: number, until: number): boolean {
    const version = this.#versions[at];
    return version !== undefined && timeOrEnd(version) <= until;
  }

  #suggest(call: DocumentCall, until: number): void {
    const own = this.#suggestions.filter((suggestion) => timeOrEnd(suggestion) <= until);
    this.#suggestions = this.#suggestions.filter((suggestion) => !own.includes(suggestion));
    const read = own[0]?.documentMicros ?? null;
    const exact = this.#versions.findIndex(({ micros }) => read !== null && micros === read);
    const before = this.#versions.findLastIndex((version) => timeOrEnd(version) <= until);
    const at = exact >= 0 ? exact : Math.max(before, 0);
    this.#link(call, at, Math.min(own.length, limits.suggestionsPerCallMax));
  }

  #link(call: DocumentCall, at: number, suggestionCount: number | null): void {
    const head = this.#versions[at];
    if (!head) return;
    const version = at + 1;
    const isMade = suggestionCount === null;
    this.linked.set(call, {
      documentId: keptId(head.id, "document"),
      kind: head.kind,
      title: head.title,
      language: languageOf(head.kind, head.title),
      action: call.action,
      version,
      baseVersion: isMade ? (version === 1 ? null : version - 1) : version,
      suggestionCount,
    });
  }
}
