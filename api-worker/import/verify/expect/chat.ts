/** The rows that a chat of the source should have. */
import type { RawGroup, RawRow } from "../../model.ts";
import type { ComparedRow } from "../compare/compared-row.ts";
import { largeMessageBytes, overflowForm, sizeOfAtoms } from "../stored/overflow.ts";
import type { Atom } from "./atoms.ts";
import type { ExpectContext } from "./context.ts";
import { expectedRow } from "./context.ts";
import { idHere, messageIdHere } from "./derived-id.ts";
import { joinSpoken } from "./joined-forms.ts";
import { expectedParts } from "./message-parts.ts";
import { type Spoken, spokenInline, spokenInOldRows, spokenInRows } from "./spoken.ts";
import { canStay, isYes, titleFrom } from "./text-values.ts";
import { readMs, toMs } from "./times.ts";

export type ChatGroup = Extract<RawGroup, { kind: "chat" }>;

export interface PlacedMessage {
  readonly id: string;
  readonly parentId: string | null;
  readonly spoken: Spoken;
  readonly createdAt: number;
}

/** A chat whose messages have their ids and their order. */
export interface PlacedChat {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly messages: readonly PlacedMessage[];
  readonly leaf: PlacedMessage | null;
  /** The message that a row of the source has become, by the row's id. */
  readonly idOf: ReadonlyMap<string, string>;
}

/** Gives the messages of a chat their ids and their order. */
export function placeChat(
  group: ChatGroup,
  { zone, repeatedIds }: Pick<ExpectContext, "zone" | "repeatedIds">,
): PlacedChat {
  const { chat } = group;
  const id = idHere(group.id, "chat");
  const [first] = [...group.messages, ...group.oldMessages];
  const createdAt = readMs(chat.createdAt, zone) ?? readMs(first?.createdAt, zone) ?? 0;
  const old = spokenInOldRows(group.oldMessages, zone);
  const { shown, aside } = joinSpoken(
    spokenInRows(group.messages, zone),
    old,
    spokenInline(chat.messages, zone),
  );
  const placing = new Placing(id, createdAt, repeatedIds);
  for (const spoken of shown) placing.add(spoken, placing.messages.at(-1) ?? null);
  const leaf = placing.messages.at(-1) ?? null;
  placing.addAside(aside);
  for (const { sourceIds } of old) placing.addAliases(sourceIds);
  return {
    ...{ id, userId: chat.userId ?? "", createdAt, leaf },
    ...{ messages: placing.messages, idOf: placing.idOf },
  };
}

class Placing {
  readonly messages: PlacedMessage[] = [];
  readonly idOf = new Map<string, string>();
  readonly #chatId: string;
  readonly #createdAt: number;
  readonly #repeatedIds: ReadonlySet<string>;
  readonly #ids = new Set<string>();

  constructor(chatId: string, createdAt: number, repeatedIds: ReadonlySet<string>) {
    this.#chatId = chatId;
    this.#createdAt = createdAt;
    this.#repeatedIds = repeatedIds;
  }

  add(spoken: Spoken, parent: PlacedMessage | null): PlacedMessage {
    const { micros, sourceIds } = spoken;
    const id = this.#idFor(spoken);
    for (const one of sourceIds) if (!this.idOf.has(one)) this.idOf.set(one, id);
    const createdAt = micros === null ? (parent?.createdAt ?? this.#createdAt) : toMs(micros);
    const message = { id, parentId: parent?.id ?? null, spoken, createdAt };
    this.messages.push(message);
    return message;
  }

  /** A branch of its own, from the last shown message that is not later. */
  addAside(aside: readonly Spoken[]): void {
    const shown = [...this.messages];
    let passed = 0;
    let parent: PlacedMessage | null = null;
    for (const spoken of aside) {
      const until = spoken.micros ?? 0;
      while (passed < shown.length && (shown[passed]?.spoken.micros ?? 0) <= until) {
        parent = shown[passed] ?? null;
        passed++;
      }
      parent = this.add(spoken, parent);
    }
  }

  /** All rows of an answer are the message that one of them is. */
  addAliases(sourceIds: readonly string[]): void {
    const known = sourceIds.map((id) => this.idOf.get(id)).find((id) => id !== undefined);
    if (known === undefined) return;
    for (const id of sourceIds) if (!this.idOf.has(id)) this.idOf.set(id, known);
  }

  #idFor({ place, sourceIds: [sourceId = ""] }: Spoken): string {
    const isUnique = place === "v2" || !this.#repeatedIds.has(sourceId);
    let id = canStay(sourceId) && isUnique ? sourceId : messageIdHere(this.#chatId, sourceId);
    if (this.#ids.has(id)) id = messageIdHere(this.#chatId, sourceId);
    for (let count = 2; this.#ids.has(id); count++) {
      id = messageIdHere(this.#chatId, `${sourceId} ${count}`);
    }
    this.#ids.add(id);
    return id;
  }
}

/** The rows of a chat in every table. */
export function expectChat(
  group: ChatGroup,
  placed: PlacedChat,
  context: ExpectContext,
): readonly ComparedRow[] {
  const { id, userId, createdAt, leaf } = placed;
  const { chat } = group;
  const isPublic = chat.visibility === "public";
  const row = expectedRow("chats", id, {
    ...{
      userId,
      id,
      title: chat.title == null ? titleFrom(firstQuestion(placed)) : titleFrom(chat.title),
    },
    ...{ titleSource: "owner", visibility: isPublic ? "public" : "private" },
    ...{ currentMessageId: leaf?.id ?? null, createdAt, updatedAt: leaf?.createdAt ?? createdAt },
  });
  const shared = isPublic
    ? [expectedRow("publicChats", id, { chatId: id, userId, createdAt })]
    : [];
  return [row, ...expectMessages(placed, context), ...expectVotes(placed, group), ...shared];
}

/** Where chats had no titles, the first line of the first question is one. */
function firstQuestion({ messages }: PlacedChat): string {
  const question = messages.find(({ spoken }) => spoken.role === "user");
  const texts = question?.spoken.atoms.flatMap((atom) => {
    return atom.kind === "text" ? [String(atom.content[0])] : [];
  });
  return (texts ?? []).join(" ").trim().split("\n")[0] ?? "";
}

function expectMessages(placed: PlacedChat, context: ExpectContext): readonly ComparedRow[] {
  const { id: chatId, userId, messages } = placed;
  return messages.flatMap(({ id, parentId, spoken, createdAt }) => {
    const { text, uploadIds } = partsOf(userId, id, spoken.atoms, context);
    const row = expectedRow("messages", chatId, {
      ...{ userId, id, chatId, parentId, role: spoken.role, parts: text, status: "complete" },
      ...{ createdAt, finishedAt: createdAt },
    });
    const files = uploadIds.map((uploadId) =>
      expectedRow("messageFiles", chatId, { userId, messageId: id, uploadId, chatId }),
    );
    return [row, ...files];
  });
}

/** Files that a message too large for its row still shows. */
const shownFilesMax = 100;

function partsOf(
  userId: string,
  messageId: string,
  atoms: readonly Atom[],
  { uploads, overflows }: ExpectContext,
) {
  const overflow = overflows.get(`${userId} ${messageId}`);
  if (overflow === undefined) return expectedParts(atoms, userId, uploads);
  const files = atoms.filter(({ kind }) => kind === "file").slice(0, shownFilesMax);
  const { uploadIds } = expectedParts(files, userId, uploads);
  return { text: overflowForm(atoms), uploadIds: [...new Set([overflow, ...uploadIds])] };
}

/** One vote for a message; where both tables have one, the newer table's. */
function expectVotes(
  { id: chatId, userId, messages, idOf }: PlacedChat,
  { votes, oldVotes }: ChatGroup,
): readonly ComparedRow[] {
  const times = new Map(messages.map(({ id, createdAt }) => [id, createdAt]));
  const chosen = new Map<string, RawRow>();
  for (const vote of [...votes, ...oldVotes]) {
    const messageId = idOf.get(vote.messageId ?? "");
    if (messageId !== undefined && !chosen.has(messageId)) chosen.set(messageId, vote);
  }
  return [...chosen].map(([messageId, vote]) => {
    const isUpvoted = isYes(vote.isUpvoted) ? 1 : 0;
    const updatedAt = times.get(messageId) ?? null;
    return expectedRow("votes", chatId, { userId, messageId, isUpvoted, updatedAt });
  });
}

/** The files that a chat's messages name: their addresses, and when they were named. */
export function filesOfChat({ messages }: PlacedChat) {
  return messages.flatMap(({ spoken, createdAt }) =>
    spoken.atoms.flatMap((atom) =>
      atom.kind === "file" && atom.url !== null ? [{ url: atom.url, createdAt }] : [],
    ),
  );
}

/** The messages that may be too large for a row. */
export function largeMessages({ messages }: PlacedChat): readonly PlacedMessage[] {
  return messages.filter(({ spoken }) => sizeOfAtoms(spoken.atoms) > largeMessageBytes);
}
