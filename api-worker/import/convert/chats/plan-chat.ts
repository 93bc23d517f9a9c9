/** The messages of a chat as they will be, before it is known what became of its files. */
import type { Finding, RawGroup, RawRow } from "../../model.ts";
import { type ConvertContext, Findings } from "../context.ts";
import type { DocumentCall } from "../documents/links.ts";
import { isOurId, keptId, messageIdFor } from "../ids.ts";
import { documentCallsIn, withCards } from "../messages/document-cards.ts";
import type { Draft, DraftMessage } from "../messages/drafts.ts";
import { joinForms } from "../messages/join-forms.ts";
import { readInlineMessages, readOldRows, readRows } from "../messages/row-messages.ts";
import { boundMessage } from "../overflow.ts";
import { microsOf, timeOf, toMs } from "../time.ts";

export type ChatGroup = Extract<RawGroup, { kind: "chat" }>;

export interface PlannedMessage {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: "user" | "assistant";
  readonly drafts: readonly Draft[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly micros: number | null;
}

export interface ChatPlan {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The end of the shown branch; null for a chat without messages. */
  readonly currentMessageId: string | null;
  /** Parents before their children. */
  readonly messages: readonly PlannedMessage[];
  /** The message that each row of the source is, or is part of, by the row's id. */
  readonly messageIds: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** A chat is planned for its files and then for its rows; the second time finds the plan here. */
const plans = new WeakMap<
  ChatGroup,
  { readonly context: ConvertContext; readonly plan: ChatPlan }
>();

/** Plans a chat. The same group and context have always the same plan. */
export function planChat(group: ChatGroup, context: ConvertContext): ChatPlan {
  const known = plans.get(group);
  if (known?.context === context) return known.plan;
  const plan = makePlan(group, context);
  plans.set(group, { context, plan });
  return plan;
}

function makePlan(group: ChatGroup, context: ConvertContext): ChatPlan {
  const { chat } = group;
  const findings = new Findings();
  const place = { zone: context.zone, findings };
  const oldMessages = readOldRows(group.oldMessages, place);
  const { main, aside } = joinForms(
    readRows(group.messages, place),
    oldMessages,
    readInlineMessages(group.id, chat.messages, place),
  );
  const planning = new Planning(group, context, findings);
  const shown = main.map((message) => planning.add(message));
  if (aside.length > 0) planning.addAside(aside, shown);
  planning.noteRenamed();
  const last = shown.at(-1);
  const { createdAt } = planning;
  return {
    id: planning.chatId,
    userId: chat.userId ?? "",
    createdAt,
    updatedAt: last?.createdAt ?? createdAt,
    currentMessageId: last?.id ?? null,
    messages: planning.messages,
    messageIds: withAliases(planning.messageIds, oldMessages),
    findings: findings.list,
  };
}

/** The calls of a chat that have made versions of documents, in order. */
export function documentCallsOf(group: ChatGroup, context: ConvertContext): DocumentCall[] {
  const { id: chatId, userId, messages } = planChat(group, context);
  return messages.flatMap(({ id: messageId, micros, drafts }) =>
    documentCallsIn(drafts).map((call) => ({ ...call, chatId, userId, messageId, micros })),
  );
}

/** Rows of an answer that was taken over before are this answer, too. */
function withAliases(
  messageIds: ReadonlyMap<string, string>,
  oldMessages: readonly DraftMessage[],
): ReadonlyMap<string, string> {
  const all = new Map(messageIds);
  for (const { sourceIds } of oldMessages) {
    const known = sourceIds.find((id) => messageIds.has(id));
    const id = known === undefined ? undefined : messageIds.get(known);
    if (id === undefined) continue;
    for (const sourceId of sourceIds) if (!all.has(sourceId)) all.set(sourceId, id);
  }
  return all;
}

/** Characters of JSON of which no message can become too large, however they are escaped. */
const overflowMinLength = 100_000;

function lengthOf({ chat, messages, oldMessages }: ChatGroup): number {
  const columns = (rows: readonly RawRow[]) => rows.flatMap((row) => Object.values(row));
  const values = [chat.messages, ...columns(messages), ...columns(oldMessages)];
  return values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
}

class Planning {
  readonly chatId: string;
  readonly createdAt: number;
  readonly messages: PlannedMessage[] = [];
  readonly messageIds = new Map<string, string>();
  readonly #context: ConvertContext;
  readonly #findings: Findings;
  readonly #ids = new Set<string>();
  /** Whether a message can be too large for its row at all. */
  readonly #canOverflow: boolean;
  #renamed = 0;

  constructor(group: ChatGroup, context: ConvertContext, findings: Findings) {
    this.chatId = keptId(group.id, "chat");
    this.#context = context;
    this.#findings = findings;
    this.#canOverflow = lengthOf(group) > overflowMinLength;
    const { zone } = context;
    const first = [...group.messages, ...group.oldMessages][0];
    this.createdAt = timeOf(group.chat.createdAt, zone) ?? timeOf(first?.createdAt, zone) ?? 0;
    if (microsOf(group.chat.createdAt, zone) === null) {
      findings.of("Chat", group.id)("time-unreadable", "Its time is that of its first message.");
    }
    if (this.chatId !== group.id) {
      findings.of("Chat", group.id)("id-renamed", `Its id is ${this.chatId} here.`);
    }
  }

  /** Adds a message after another one; after the last one added when that is left out. */
  add(
    message: DraftMessage,
    after: PlannedMessage | null = this.messages.at(-1) ?? null,
  ): PlannedMessage {
    const { table, sourceIds, role, micros } = message;
    const [sourceId = ""] = sourceIds;
    const note = this.#findings.of(table, sourceId);
    const id = this.#idFor(table, sourceId);
    for (const one of sourceIds) if (!this.messageIds.has(one)) this.messageIds.set(one, id);
    if (micros === null && table !== "Chat") {
      note("time-unreadable", "Its time is that of the message before it.");
    }
    const drafts = withCards(id, message.drafts, this.#context.links);
    const planned = {
      ...{ id, role, micros, parentId: after?.id ?? null },
      drafts: this.#canOverflow ? boundMessage(id, drafts, note) : drafts,
      createdAt: micros === null ? (after?.createdAt ?? this.createdAt) : toMs(micros),
    };
    this.messages.push(planned);
    return planned;
  }

  /** Adds messages as branches of their own: each follows the shown message before it in time. */
  addAside(aside: readonly DraftMessage[], shown: readonly PlannedMessage[]): void {
    let passed = 0;
    let before: PlannedMessage | null = null;
    for (const message of aside) {
      const until = message.micros ?? 0;
      for (let next = shown[passed]; next && (next.micros ?? 0) <= until; next = shown[passed]) {
        before = next;
        passed += 1;
      }
      before = this.add(message, before);
      const [sourceId = ""] = message.sourceIds;
      this.#findings.of(message.table, sourceId)(
        "message-beside",
        "Its chat has messages in a later form without this one. It is a version beside the shown ones.",
      );
    }
  }

  noteRenamed(): void {
    if (this.#renamed === 0) return;
    const what = this.#renamed === 1 ? "A message has" : `${this.#renamed} messages have`;
    const note = this.#findings.of("Chat", this.chatId);
    note(
      "message-ids-renamed",
      `${what} a new id, because the old one is no UUID or is used twice.`,
    );
  }

  #idFor(table: DraftMessage["table"], sourceId: string): string {
    const isOnce = table === "Message_v2" || !this.#context.repeatedMessageIds.has(sourceId);
    const keeps = isOurId(sourceId) && isOnce && !this.#ids.has(sourceId);
    let id = keeps ? sourceId : messageIdFor(this.chatId, sourceId);
    for (let count = 2; this.#ids.has(id); count += 1) {
      id = messageIdFor(this.chatId, `${sourceId} ${count}`);
    }
    if (!keeps) this.#renamed += 1;
    this.#ids.add(id);
    return id;
  }
}
