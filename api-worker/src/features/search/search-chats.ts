import { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import type { ChatSearchOutput, chatSearchInput, SearchHit } from "../../contracts/search.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import { searchObject } from "../../platform/search-object.ts";
import { type EntryKind, entryKinds, type Match } from "./object/search-index.ts";
import { type FoundText, listFoundTexts } from "./queries.ts";
import { makeSnippet } from "./text/snippet.ts";
import { matchExpression, readTerms, type Term } from "./text/terms.ts";
import { searchedTextMax } from "./text-of-message.ts";

/**
 * So many matches of each kind are put in order by rank at once, the newest first: a search for a
 * word that is in every message waits no longer than others.
 */
const windowSize = 200;

/** Numbers of the newest title and of the newest message that may be in a window. */
const windowSchema = z.object({ title: z.int(), message: z.int() });
type Window = z.infer<typeof windowSchema>;

/** Where a page ends: in which window, and after which of its hits; null: before its first. */
const cursorSchema = z.object({
  window: windowSchema,
  last: z.object({ kind: z.enum(entryKinds), rank: z.number(), rowId: z.int() }).nullable(),
});
type Place = z.infer<typeof cursorSchema>;

const firstPlace: Place = {
  window: { title: Number.MAX_SAFE_INTEGER, message: Number.MAX_SAFE_INTEGER },
  last: null,
};

/**
 * A page of the owner's titles and messages that have all words of a query: titles first, then the
 * best. Past the newest 200 of each kind, the next 200 follow. What the index finds is held against
 * D1, so a page may have fewer hits than asked for.
 *
 * @throws AppError INVALID for a cursor that is not ours
 */
export async function searchChats(
  owner: OwnerContext,
  { query, limit, cursor }: z.infer<typeof chatSearchInput>,
): Promise<ChatSearchOutput> {
  const terms = readTerms(query);
  if (terms.length === 0) return { items: [], nextCursor: null, isComplete: true };
  const place = cursor == null ? firstPlace : decodeCursor(cursorSchema, cursor);
  const { matches, next, isComplete } = await readWindow(owner, terms, place.window);
  const { last } = place;
  const rest = last === null ? matches : matches.filter((match) => compare(match, last) > 0);
  const page = rest.slice(0, limit);
  const lastShown = page.at(-1);
  const nextPlace =
    rest.length > limit && lastShown
      ? { window: place.window, last: placeOf(lastShown) }
      : next && { window: next, last: null };
  return {
    items: await readHits(owner, page, terms),
    nextCursor: nextPlace && encodeCursor(nextPlace),
    isComplete,
  };
}

function placeOf({ kind, rank, rowId }: Match): Place["last"] {
  return { kind, rank, rowId };
}

/** A window's matches in order, and the window after it; null when there is none. */
async function readWindow(
  { env, userId }: OwnerContext,
  terms: readonly Term[],
  window: Window,
): Promise<{ matches: Match[]; next: Window | null; isComplete: boolean }> {
  const expression = matchExpression(terms);
  const windows = entryKinds.map((kind) => ({
    kind,
    expression,
    untilRowId: window[kind],
    // One more than the window has tells whether there is another.
    limit: windowSize + 1,
  }));
  const search = () => searchObject(env, userId).search(userId, windows);
  // An object may die under a call, as at a deployment. The next one starts where it was.
  const result = await search().catch(search);
  const nextRowId = (kind: EntryKind) =>
    result.matches[entryKinds.indexOf(kind)]?.[windowSize]?.rowId;
  const next = { title: nextRowId("title"), message: nextRowId("message") };
  return {
    matches: result.matches.flatMap((matches) => matches.slice(0, windowSize)).sort(compare),
    next:
      next.title === undefined && next.message === undefined
        ? null
        : { title: next.title ?? 0, message: next.message ?? 0 },
    isComplete: result.isComplete,
  };
}

/** Titles first, then the better; of equals, the newer. */
function compare(a: NonNullable<Place["last"]>, b: NonNullable<Place["last"]>): number {
  const kinds = entryKinds.indexOf(a.kind) - entryKinds.indexOf(b.kind);
  return kinds || a.rank - b.rank || b.rowId - a.rowId;
}

async function readHits(
  owner: OwnerContext,
  matches: readonly Match[],
  terms: readonly Term[],
): Promise<SearchHit[]> {
  if (matches.length === 0) return [];
  const texts = await listFoundTexts(owner.content, owner.userId, matches);
  return texts.flatMap((found) => toHit(found, terms) ?? []);
}

/** @returns null when the text has changed since it was indexed, and lacks a word now */
function toHit(found: FoundText, terms: readonly Term[]): SearchHit | null {
  const { chatId, title, messageId, role } = found;
  const text = messageId === null ? title : (found.text ?? "");
  const snippet = makeSnippet(text.slice(0, searchedTextMax), terms);
  const time = found.createdAt ?? found.chatUpdatedAt;
  return snippet && { chatId, title, messageId, role, snippet, time };
}
