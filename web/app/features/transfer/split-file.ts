/**
 * Splits an import file into requests of a size that the worker accepts, each a valid file of its
 * own. Pure.
 */
import { limits } from "api-worker/contracts/limits";
import { exportFormatName } from "api-worker/contracts/transfer";

/** One request of an import. */
export interface Piece {
  readonly data: unknown;
  readonly kind: "chat" | "document";
  /** How many there are, and how many of this kind come before in the file. */
  readonly count: number;
  readonly before: number;
}

/** A piece ends after this many items, or before the one that would exceed this many characters. */
const pieceItems = 25;
const pieceLength = 2_000_000;

type Row = Readonly<Record<string, unknown>>;

/**
 * Splits a file.
 *
 * @param data the parsed JSON of the file
 * @returns a single piece for an unknown format; the worker reports what is wrong with it
 */
export function splitFile(data: unknown): Piece[] {
  if (Array.isArray(data)) return inPieces(data, (chats) => chats);
  if (!isRow(data)) return [unknownPiece(data)];
  const { chats, Chat, Message_v2: messages } = data;
  if (data.format === exportFormatName && Array.isArray(chats)) return splitOwn(data, chats);
  if (Array.isArray(Chat) && Array.isArray(messages)) return splitTables(data, Chat, messages);
  return [unknownPiece(data)];
}

const unknownPiece = (data: unknown): Piece => ({ data, kind: "chat", count: 1, before: 0 });

/** Splits our own file: its chats come first, then the documents that have none. */
function splitOwn({ documents, ...file }: Row, chats: readonly unknown[]): Piece[] {
  if (!Array.isArray(documents) || documents.length === 0) {
    return inPieces(chats, (some) => ({ ...file, chats: some }));
  }
  const chatPieces = chats.length > 0 ? inPieces(chats, (some) => ({ ...file, chats: some })) : [];
  const wrap = (some: unknown[]) => ({ ...file, chats: [], documents: some });
  return [...chatPieces, ...inPieces(documents, wrap, "document")];
}

/** Splits the template's tables, keeping each chat together with its messages and votes. */
function splitTables(
  tables: Row,
  chats: readonly unknown[],
  messages: readonly unknown[],
): Piece[] {
  const messagesOf = Map.groupBy(messages, (row) => idOf(row, "chatId"));
  const votes = Array.isArray(tables.Vote_v2) ? tables.Vote_v2 : [];
  const votesOf = Map.groupBy(votes, (row) => idOf(row, "chatId"));
  const whole = chats.map((chat) => {
    const id = idOf(chat, "id");
    return { chat, messages: messagesOf.get(id) ?? [], votes: votesOf.get(id) ?? [] };
  });
  return inPieces(whole, (some) => ({
    Chat: some.map(({ chat }) => chat),
    Message_v2: some.flatMap((one) => one.messages),
    Vote_v2: some.flatMap((one) => one.votes),
  }));
}

/** An empty file also becomes one piece; the worker reports what is wrong with it. */
function inPieces<Item>(
  items: readonly Item[],
  wrap: (items: Item[]) => unknown,
  kind: Piece["kind"] = "chat",
): Piece[] {
  const pieces: Piece[] = [];
  let some: Item[] = [];
  let length = 0;
  let before = 0;
  const end = () => {
    pieces.push({ data: wrap(some), kind, count: some.length, before });
    before += some.length;
    some = [];
    length = 0;
  };
  for (const item of items) {
    const size = JSON.stringify(item)?.length ?? 0;
    const isFull = some.length === pieceItems || length + size > pieceLength;
    if (some.length > 0 && isFull) end();
    some.push(item);
    length += size;
  }
  if (some.length > 0 || pieces.length === 0) end();
  return pieces;
}

/** Whether a piece is larger than the worker accepts. It then holds a single item. */
export function isTooLarge({ data }: Piece): boolean {
  const envelopeBytes = 1_000;
  const bytes = new TextEncoder().encode(JSON.stringify(data)).length;
  return bytes + envelopeBytes > limits.importMaxBytes;
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function idOf(row: unknown, name: string): unknown {
  return isRow(row) ? row[name] : undefined;
}
