/**
 * Splits an import file into requests of a size that the worker accepts, each a valid file of its
 * own. Pure.
 */
import { limits } from "api-worker/contracts/limits";
import { exportFormatName } from "api-worker/contracts/transfer";

/** One request of an import. */
export interface Piece {
  readonly data: unknown;
  readonly chatCount: number;
}

/**
 * A piece ends after this many chats, or before the chat that would exceed this many characters.
 */
const pieceChats = 25;
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
  if (!isRow(data)) return [{ data, chatCount: 1 }];
  const { chats, Chat, Message_v2: messages } = data;
  if (data.format === exportFormatName && Array.isArray(chats)) {
    return inPieces(chats, (some) => ({ ...data, chats: some }));
  }
  if (Array.isArray(Chat) && Array.isArray(messages)) return splitTables(data, Chat, messages);
  return [{ data, chatCount: 1 }];
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
function inPieces<Chat>(chats: readonly Chat[], wrap: (chats: Chat[]) => unknown): Piece[] {
  const pieces: Piece[] = [];
  let some: Chat[] = [];
  let length = 0;
  const end = () => {
    pieces.push({ data: wrap(some), chatCount: some.length });
    some = [];
    length = 0;
  };
  for (const chat of chats) {
    const size = JSON.stringify(chat)?.length ?? 0;
    const isFull = some.length === pieceChats || length + size > pieceLength;
    if (some.length > 0 && isFull) end();
    some.push(chat);
    length += size;
  }
  if (some.length > 0 || pieces.length === 0) end();
  return pieces;
}

/** Whether a piece is larger than the worker accepts. It then holds a single chat. */
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
