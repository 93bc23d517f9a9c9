/**
 * Messages whose content is what a model was given: rows of `Message`, and messages in
 * `Chat.messages`. A question is a text or pieces; an answer is spread over messages of the roles
 * `assistant` and `tool`, as many as the model took steps, and becomes one.
 */
import type { MessagePart } from "../../../src/contracts/message-parts.ts";
import type { Note } from "../context.ts";
import { isRecord } from "../values.ts";
import {
  type Draft,
  type DraftMessage,
  keptFields,
  legacyPart,
  otherFields,
  SourceFile,
  textOf,
} from "./drafts.ts";
import { otherFileFields, readFile } from "./file-parts.ts";
import { readPart, readParts } from "./read-part.ts";
import { doneCall, readCall, readInvocation, readResult, resultFields } from "./tool-parts.ts";

export interface LooseMessage {
  readonly table: "Message" | "Chat";
  readonly id: string;
  readonly role: string;
  readonly micros: number | null;
  /** `content`, and what else the message has. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Joins each answer's messages and reads their parts.
 *
 * @param messages in order
 * @param isJoined whether neighbouring messages of the role `assistant` are steps of one answer
 */
export function readLooseMessages(
  messages: readonly LooseMessage[],
  isJoined: boolean,
  noteOf: (message: LooseMessage) => Note,
): DraftMessage[] {
  const read: DraftMessage[] = [];
  let answer: Answer | null = null;
  const close = () => {
    if (answer) read.push(answer.end());
    answer = null;
  };
  for (const message of messages) {
    const note = noteOf(message);
    if (message.role === "assistant" || message.role === "tool") {
      if (!isJoined && message.role === "assistant") close();
      answer ??= new Answer(message);
      answer.add(message, note);
      continue;
    }
    close();
    const isQuestion = message.role === "user";
    read.push({
      ...{ table: message.table, sourceIds: [message.id], micros: message.micros },
      role: isQuestion ? "user" : "assistant",
      drafts: isQuestion
        ? readFields(message.fields, note)
        : otherRole(message.role, message.fields, note),
    });
  }
  close();
  return read;
}

/** What a message of a role that no message has here becomes: no reader takes it for an answer. */
export function otherRole(role: string, fields: unknown, note: Note): Draft[] {
  return [legacyPart(role || "message", fields, note)];
}

/** The steps of one answer. */
class Answer {
  readonly #first: LooseMessage;
  readonly #ids: string[] = [];
  readonly #drafts: Draft[] = [];
  /** What is in the answer already: a later step can repeat it. */
  readonly #seen = new Set<string>();
  /** The call without a result, by its id. */
  readonly #calls = new Map<string, number>();

  constructor(first: LooseMessage) {
    this.#first = first;
  }

  add({ id, role, fields }: LooseMessage, note: Note): void {
    this.#ids.push(id);
    if (role === "tool") this.#addResults(fields, note);
    else this.#addStep(fields, note);
  }

  #addStep(fields: LooseMessage["fields"], note: Note): void {
    const isLater = this.#drafts.length > 0;
    if (isLater) this.#drafts.push({ type: "step-start" });
    const drafts = readFields(fields, note);
    // Calls follow the step's text, as the template's own conversion had it.
    for (const draft of drafts.filter((one) => !isCall(one))) this.#addOnce(draft);
    for (const draft of drafts.filter(isCall)) {
      const callId = String(draft.toolCallId);
      if (!this.#calls.has(callId)) this.#calls.set(callId, this.#drafts.length);
      this.#drafts.push(draft);
    }
    if (isLater && isStep(this.#drafts.at(-1))) this.#drafts.pop();
  }

  end(): DraftMessage {
    const { table, micros } = this.#first;
    return { table, sourceIds: this.#ids, role: "assistant", micros, drafts: this.#drafts };
  }

  #addOnce(draft: Draft): void {
    const isRepeatable = draft instanceof SourceFile || isStep(draft);
    const key = isRepeatable ? null : JSON.stringify(draft);
    if (key !== null && this.#seen.has(key)) return;
    if (key !== null) this.#seen.add(key);
    this.#drafts.push(draft);
  }

  #addResults({ content, ...rest }: LooseMessage["fields"], note: Note): void {
    for (const raw of Array.isArray(content) ? content : content == null ? [] : [content]) {
      if (!this.#addResult(raw, note)) this.#drafts.push(...readPart(raw, note));
    }
    this.#drafts.push(...leftovers(rest, note));
  }

  /** @returns whether the answer has the call of this result */
  #addResult(raw: unknown, note: Note): boolean {
    if (!isRecord(raw) || raw.type !== "tool-result") return false;
    const result = readCall(raw);
    const at = this.#calls.get(result?.toolCallId ?? "");
    const call = at === undefined ? undefined : this.#drafts[at];
    if (!result || at === undefined || !call || !isCall(call)) return false;
    if (call.state === "output-available") return false;
    const { output, isError } = readResult(raw);
    this.#drafts[at] = doneCall({ ...result, input: call.input }, output, isError);
    this.#drafts.push(...keptFields("tool-result", otherFields(raw, resultFields), note));
    return true;
  }
}

function isCall(draft: Draft): draft is MessagePart {
  return !(draft instanceof SourceFile) && typeof draft.toolCallId === "string";
}

function isStep(draft: Draft | undefined): boolean {
  return !(draft instanceof SourceFile) && draft?.type === "step-start";
}

/** Fields that say nothing more than the rest of a message. */
const plainFields: ReadonlySet<string> = new Set([
  ...["id", "role", "createdAt", "revisionId", "content", "parts", "reasoning"],
  ...["toolInvocations", "experimental_attachments", "attachments"],
]);

/** Reads a message of version 3 or 4 as the SDK itself did: calls, reasoning and text, or its parts. */
function readFields(fields: LooseMessage["fields"], note: Note): Draft[] {
  const { content, parts, reasoning, toolInvocations } = fields;
  const drafts = readParts(listOf(parts), note);
  const hasParts = drafts.length > 0;
  const known = new Set(drafts.filter(isCall).map(({ toolCallId }) => toolCallId));
  for (const raw of listOf(toolInvocations)) {
    if (known.has(readCall(raw)?.toolCallId)) continue;
    drafts.push(...(readInvocation(raw, note) ?? [legacyPart("tool-invocation", raw, note)]));
  }
  const isThought = typeof reasoning === "string" && reasoning !== "" && reasoning !== "undefined";
  if (isThought && !drafts.some(isReasoning)) drafts.push({ type: "reasoning", text: reasoning });
  const read = readContent(content, note);
  const isRepeated =
    hasParts && typeof content === "string" && compact(drafts).includes(compact(read));
  return [
    ...filesOf(fields.experimental_attachments, drafts, note),
    ...filesOf(fields.attachments, drafts, note),
    ...drafts,
    ...(isRepeated ? [] : read),
    ...leftovers(fields, note),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isReasoning(draft: Draft): boolean {
  return !(draft instanceof SourceFile) && draft.type === "reasoning";
}

/** The text of parts without white space, in which the content of the same message is. */
function compact(drafts: readonly Draft[]): string {
  return textOf(drafts).replaceAll(/\s+/g, "");
}

/** The pieces of a content; the template added reasoning, which came first, at the end. */
function readContent(content: unknown, note: Note): Draft[] {
  if (content == null) return [];
  const pieces = Array.isArray(content) ? content : [content];
  const drafts = readParts(pieces, note);
  const isLate = (raw: unknown) => isRecord(raw) && typeof raw.reasoning === "string";
  if (!pieces.some(isLate)) return drafts.filter((draft) => !isEmptyText(draft));
  return [...drafts.filter(isReasoning), ...drafts.filter((draft) => !isReasoning(draft))].filter(
    (draft) => !isEmptyText(draft),
  );
}

function isEmptyText(draft: Draft): boolean {
  return !(draft instanceof SourceFile) && draft.type === "text" && draft.text === "";
}

/** Reads attachments, without those that the parts show. */
export function filesOf(attachments: unknown, drafts: readonly Draft[], note: Note): Draft[] {
  const shown = new Set(drafts.map((draft) => (draft instanceof SourceFile ? draft.url : null)));
  return (
    Array.isArray(attachments) ? attachments : attachments == null ? [] : [attachments]
  ).flatMap((raw): Draft[] => {
    const file = isRecord(raw) ? readFile(raw) : null;
    if (!isRecord(raw) || !file) return [legacyPart("attachment", raw, note)];
    if (shown.has(file.url)) return [];
    shown.add(file.url);
    return [file, ...otherFileFields(raw, note)];
  });
}

/** Fields that no part is made of, if they say anything. */
function leftovers(fields: LooseMessage["fields"], note: Note): Draft[] {
  const rest = Object.entries(fields).filter(
    ([name, value]) => !plainFields.has(name) && !isEmpty(value),
  );
  return rest.length === 0 ? [] : [legacyPart("message", Object.fromEntries(rest), note)];
}

/** The template's own annotations name the message's id and nothing else. */
function isEmpty(value: unknown): boolean {
  if (value == null || value === "") return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  if (!isRecord(value)) return false;
  return Object.keys(value).every((name) => name === "messageIdFromServer");
}
