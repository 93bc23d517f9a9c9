import { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import { limits } from "../../contracts/limits.ts";
import type { ChatSearchOutput, chatSearchInput, SearchHit } from "../../contracts/search.ts";
import { breathe } from "../../platform/breathe.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import { delay } from "../../platform/delay.ts";
import { searchObject } from "../../platform/search-object.ts";
import { type EntryKind, entryKinds, type Match } from "./object/search-index.ts";
import { type FoundText, listFoundTexts } from "./queries.ts";
import { searchedTextMax } from "./searched-text.ts";
import { tooManySearches } from "./take-search-place.ts";
import { makeSnippet } from "./text/snippet.ts";
import { matchExpression, readTerms, type Term } from "./text/terms.ts";

/**
 * So many matches of each kind are put in order by rank at once, the newest first: a search for a
 * word that is in every message waits no longer than others.
 */
const windowSize = 200;

/**
 * What a page may cost: so many reads of texts, and so many characters that are divided into words,
 * as many as in twenty of the longest texts that can be sent. A page that costs more ends early.
 */
const pageBounds = { reads: 16, dividedLength: 20 * limits.messageTextMaxLength };

/** A search whose object has died is tried again after this long, in ms. */
const retryMs = 100;

/** Of each kind, the number of the newest entry that may be in a window. */
const windowSchema = z.object({
  title: z.int(),
  documentTitle: z.int(),
  message: z.int(),
  document: z.int(),
});
type Window = z.infer<typeof windowSchema>;

/** Where a page ends: in which window, and after which of its hits; null: before its first. */
const cursorSchema = z.object({
  window: windowSchema,
  last: z.object({ kind: z.enum(entryKinds), rank: z.number(), rowId: z.int() }).nullable(),
});
type Place = z.infer<typeof cursorSchema>;

const newest = Number.MAX_SAFE_INTEGER;
const firstPlace: Place = {
  window: { title: newest, documentTitle: newest, message: newest, document: newest },
  last: null,
};

const documentEntryKinds: readonly EntryKind[] = ["documentTitle", "document"];
const titleKinds: readonly EntryKind[] = ["title", "documentTitle"];

/**
 * A page of the owner's titles, messages and documents that have all words of a query: titles
 * first, then the best. Past the newest 200 of each kind, the next 200 follow. What the index finds
 * is held against D1, and a page ends when its texts cost too much, so it may have fewer hits than
 * asked for.
 *
 * @throws AppError INVALID for a cursor that is not ours; RATE_LIMITED when too many searches of the
 *   user wait
 */
export async function searchChats(
  owner: OwnerContext,
  { query, only, limit, cursor }: z.infer<typeof chatSearchInput>,
): Promise<ChatSearchOutput> {
  const terms = readTerms(query);
  if (terms.length === 0) return { items: [], nextCursor: null, isComplete: true };
  const place = cursor == null ? firstPlace : decodeCursor(cursorSchema, cursor);
  const { matches, next, isComplete } = await readWindow(
    owner,
    terms,
    only ? documentEntryKinds : entryKinds,
    place.window,
  );
  const { last } = place;
  const rest = last === null ? matches : matches.filter((match) => compare(match, last) > 0);
  const { items, readCount } = await readHits(owner, rest.slice(0, limit), terms);
  const lastRead = rest[readCount - 1];
  const nextPlace =
    rest.length > readCount && lastRead
      ? { window: place.window, last: placeOf(lastRead) }
      : next && { window: next, last: null };
  return { items, nextCursor: nextPlace && encodeCursor(nextPlace), isComplete };
}

function placeOf({ kind, rank, rowId }: Match): Place["last"] {
  return { kind, rank, rowId };
}

/** A window's matches in order, and the window after it; null when there is none. */
async function readWindow(
  { env, userId }: OwnerContext,
  terms: readonly Term[],
  kinds: readonly EntryKind[],
  window: Window,
): Promise<{ matches: Match[]; next: Window | null; isComplete: boolean }> {
  const expression = matchExpression(terms);
  const windows = kinds.map((kind) => ({
    kind,
    expression,
    untilRowId: window[kind],
    // One more than the window has tells whether there is another.
    limit: windowSize + 1,
  }));
  const search = () => searchObject(env, userId).search(userId, windows);
  // An object may die under a call, as at a deployment. The next one starts where it was.
  const result = await search().catch(() => delay(retryMs).then(search));
  if (!result) throw tooManySearches();
  const next: Window = { title: 0, documentTitle: 0, message: 0, document: 0 };
  for (const [index, kind] of kinds.entries()) {
    next[kind] = result.matches[index]?.[windowSize]?.rowId ?? 0;
  }
  const matches = result.matches.flatMap((found) => found.slice(0, windowSize));
  return {
    matches: withoutTitled(matches).sort(compare),
    next: Object.values(next).some((rowId) => rowId > 0) ? next : null,
    isComplete: result.isComplete,
  };
}

/** A document whose title is found is one hit, whatever its text has. */
function withoutTitled(matches: readonly Match[]): Match[] {
  const titled = new Set(
    matches.filter(({ kind }) => kind === "documentTitle").map(({ id }) => id),
  );
  return matches.filter(({ kind, id }) => kind !== "document" || !titled.has(id));
}

/** Titles first, then the better; of equals, the newer. */
function compare(a: NonNullable<Place["last"]>, b: NonNullable<Place["last"]>): number {
  const textRank = ({ kind }: { kind: EntryKind }) => (titleKinds.includes(kind) ? 0 : 1);
  return textRank(a) - textRank(b) || a.rank - b.rank || b.rowId - a.rowId;
}

/**
 * Reads matches from D1 and cuts their snippets, as many as a page may cost.
 *
 * @returns how many of the matches were read, at least one if there is any
 */
async function readHits(
  owner: OwnerContext,
  matches: readonly Match[],
  terms: readonly Term[],
): Promise<{ items: SearchHit[]; readCount: number }> {
  const items: SearchHit[] = [];
  let [readCount, reads, dividedLength] = [0, 0, 0];
  while (readCount < matches.length && reads < pageBounds.reads) {
    if (reads > 0) await breathe();
    const texts = await listFoundTexts(owner.content, owner.userId, matches.slice(readCount));
    reads += 1;
    for (const found of texts) {
      if (dividedLength >= pageBounds.dividedLength) return { items, readCount };
      readCount += 1;
      if (!found) continue;
      const hit = toHit(found, terms);
      if (hit.item) items.push(hit.item);
      dividedLength += hit.dividedLength;
    }
  }
  return { items, readCount };
}

/** @returns no item when the text has changed since it was indexed, and lacks a word now */
function toHit(
  found: FoundText,
  terms: readonly Term[],
): { item: SearchHit | null; dividedLength: number } {
  const { chatId, title, messageId, role, documentId, documentKind } = found;
  const isTitle = messageId === null && found.text === null;
  const text = isTitle ? title : (found.text ?? "");
  const { pieces, dividedLength } = makeSnippet(text.slice(0, searchedTextMax), terms);
  const time = found.createdAt ?? found.updatedAt;
  const document =
    documentId && documentKind ? { id: documentId, kind: documentKind, isTitle } : null;
  const item = pieces && { chatId, title, document, messageId, role, snippet: pieces, time };
  return { item, dividedLength };
}
