import { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import { messagePartSchema } from "../../contracts/message-parts.ts";
import type { ChatSearchOutput, chatSearchInput, SearchHit } from "../../contracts/search.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import { matchExpression, readWords, type SearchWord } from "./match-expression.ts";
import { type FoundText, listFoundTexts, listMatches, type Match } from "./queries.ts";
import { makeSnippet } from "./snippet.ts";

/**
 * So many matches are put in order by rank at once, the newest first: a search for a word that
 * is in every message waits no longer than others.
 */
const windowSize = 200;
/** How much more a title weighs than a message. */
const titleWeight = 4;

/** Where a page ends: in which window, and the rank and number of its last hit there. */
const cursorSchema = z.tuple([z.int(), z.int(), z.number().nullable(), z.int()]);

interface Window {
  /** Numbers of the newest title and of the newest message that may be in it. */
  readonly titlesUntil: number;
  readonly messagesUntil: number;
}

const firstWindow: Window = {
  titlesUntil: Number.MAX_SAFE_INTEGER,
  messagesUntil: Number.MAX_SAFE_INTEGER,
};

/**
 * A page of the owner's titles and messages that have all words of a query, the best first. Past
 * the newest 200 of each kind, the next 200 follow.
 *
 * @throws AppError INVALID for a cursor that is not ours
 */
export async function searchChats(
  owner: OwnerContext,
  { query, limit, cursor }: z.infer<typeof chatSearchInput>,
): Promise<ChatSearchOutput> {
  const words = readWords(query);
  if (words.length === 0) return { items: [], nextCursor: null };
  const [titlesUntil, messagesUntil, rank, rowId] =
    cursor == null
      ? [firstWindow.titlesUntil, firstWindow.messagesUntil, null, 0]
      : decodeCursor(cursorSchema, cursor);
  const window = { titlesUntil, messagesUntil };
  const { matches, next } = await readWindow(owner, matchExpression(words), window);
  const rest =
    rank === null ? matches : matches.filter((match) => compare(match, { rank, rowId }) > 0);
  const page = rest.slice(0, limit);
  return {
    items: await readHits(owner, page, words),
    nextCursor: cursorAfter(page.at(-1), rest.length > limit ? window : null, next),
  };
}

/** @param here the window, when it has more than the page */
function cursorAfter(
  last: Match | undefined,
  here: Window | null,
  next: Window | null,
): string | null {
  if (here && last) {
    return encodeCursor([here.titlesUntil, here.messagesUntil, last.rank, last.rowId]);
  }
  return next && encodeCursor([next.titlesUntil, next.messagesUntil, null, 0]);
}

/** A window's matches, the best first, and the window after it; null when there is none. */
async function readWindow(
  owner: OwnerContext,
  expression: string,
  { titlesUntil, messagesUntil }: Window,
): Promise<{ matches: Match[]; next: Window | null }> {
  // One more than the window has tells whether there is another.
  const common = { userId: owner.userId, expression, limit: windowSize + 1 };
  const [titles = [], messages = []] = await listMatches(owner.content, [
    { ...common, kind: "title", untilRowId: titlesUntil },
    { ...common, kind: "message", untilRowId: messagesUntil },
  ]);
  const matches = [
    ...titles.slice(0, windowSize).map((match) => ({ ...match, rank: match.rank * titleWeight })),
    ...messages.slice(0, windowSize),
  ].sort(compare);
  const hasNext = titles.length > windowSize || messages.length > windowSize;
  const next = {
    titlesUntil: titles[windowSize]?.rowId ?? 0,
    messagesUntil: messages[windowSize]?.rowId ?? 0,
  };
  return { matches, next: hasNext ? next : null };
}

/** The better first; of equals, the newer. */
function compare(a: Match, b: Match): number {
  return a.rank - b.rank || b.rowId - a.rowId;
}

async function readHits(
  owner: OwnerContext,
  matches: readonly Match[],
  words: readonly SearchWord[],
): Promise<SearchHit[]> {
  const rowIds = matches.map(({ rowId }) => rowId);
  const texts = await listFoundTexts(owner.content, owner.userId, rowIds);
  const byRowId = new Map(texts.map((text) => [text.rowId, text]));
  return rowIds.flatMap((rowId) => {
    const found = byRowId.get(rowId);
    return found ? [toHit(found, words)] : [];
  });
}

function toHit(found: FoundText, words: readonly SearchWord[]): SearchHit {
  const { chatId, title, messageId, role } = found;
  return {
    chatId,
    title,
    messageId,
    role,
    snippet: makeSnippet(found.parts === null ? title : textOfParts(found.parts), words),
    time: found.createdAt ?? found.chatUpdatedAt,
  };
}

const partsSchema = z.array(messagePartSchema);

/** The text parts of a message, like those that are in the index. */
function textOfParts(json: string): string {
  return partsSchema
    .parse(JSON.parse(json))
    .flatMap(({ type, text }) => (type === "text" && typeof text === "string" ? [text] : []))
    .join("\n");
}
