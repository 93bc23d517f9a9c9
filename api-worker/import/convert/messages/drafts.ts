/** Parts of a message before it is known what became of its files. */
import { cutText } from "../../../src/contracts/cut-text.ts";
import type { MessagePart } from "../../../src/contracts/message-parts.ts";
import { readKnownPart } from "../../../src/contracts/part-schemas.ts";
import type { Note } from "../context.ts";
import { isDeeperThan } from "../values.ts";

/** A file that a message shows: one of the source, or what is too large for the message's row. */
export class SourceFile {
  readonly url: string;
  /** "" for none. */
  readonly name: string;
  readonly mediaType: string | null;
  readonly content: string | null;

  constructor(file: {
    readonly url: string;
    readonly name: string;
    readonly mediaType: string | null;
    readonly content?: string;
  }) {
    this.url = file.url;
    this.name = file.name;
    this.mediaType = file.mediaType;
    this.content = file.content ?? null;
  }
}

export type Draft = MessagePart | SourceFile;

/** A message as it was, with parts of today. */
export interface DraftMessage {
  readonly table: "Message_v2" | "Message" | "Chat";
  /** Of the source's rows that it is made of; the first one is its own. */
  readonly sourceIds: readonly string[];
  readonly role: "user" | "assistant";
  /** Epoch microseconds; null when the source has none that can be read. */
  readonly micros: number | null;
  readonly drafts: readonly Draft[];
}

/** Nesting of a part's objects that a file of an export can have around it, and be imported again. */
const levelsMax = 50;

/** Keeps anything as it was, in a part that shows its JSON. */
export function legacyPart(type: string, value: unknown, note: Note): MessagePart {
  const name = cutText(type, 200) || "part";
  note("part-kept-as-legacy", `“${cutText(name, 60)}” is of no kind here. Its data is kept.`);
  const json = typeof value === "string" ? value : JSON.stringify(value);
  return { type: "data-legacy", data: { type: name, json } };
}

/**
 * Keeps the fields of a part that its kind does not have, in a part of their own that shows their
 * JSON. None for no fields.
 */
export function keptFields(
  type: string,
  fields: Readonly<Record<string, unknown>>,
  note: Note,
): readonly MessagePart[] {
  if (Object.keys(fields).length === 0) return [];
  const name = cutText(type, 200) || "part";
  note(
    "fields-kept-as-legacy",
    `“${cutText(name, 60)}” has fields of another program. They are kept.`,
  );
  return [{ type: "data-legacy", data: { type: name, json: JSON.stringify(fields) } }];
}

/** The fields of a part, without its type and those that are named. */
export function otherFields(
  raw: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const others = Object.entries(raw).filter(([name]) => name !== "type" && !names.includes(name));
  return Object.fromEntries(others);
}

/** The part without fields that its kind does not have; null for one that is not of its kind. */
export function knownPart(part: MessagePart): MessagePart | null {
  return isDeeperThan(part, levelsMax) ? null : readKnownPart(part);
}

/** Whether a part has a text that its reader sees. */
export function isText(draft: Draft): draft is MessagePart & { readonly text: string } {
  return !(draft instanceof SourceFile) && draft.type === "text" && typeof draft.text === "string";
}

export function textOf(drafts: readonly Draft[]): string {
  return drafts.flatMap((draft) => (isText(draft) ? [draft.text] : [])).join("\n\n");
}
