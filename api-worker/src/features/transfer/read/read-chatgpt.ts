/**
 * Reads a conversation of ChatGPT's `conversations.json`: nodes by id, each with its parent. Nodes
 * without readable text (the root, system prompts, tool calls and their results) are left out, and
 * their children move up to their parents. The pieces of one answer become one message.
 */
import { z } from "zod";
import { cutText } from "../../../contracts/cut-text.ts";
import { limits } from "../../../contracts/limits.ts";
import type { ExportedChat, ExportedMessage } from "../../../contracts/transfer.ts";
import { ImportFailure } from "./import-failure.ts";

const secondsSchema = z.number().min(0).max(8_640_000_000_000).nullish();

const messageSchema = z.object({
  author: z.object({ role: z.string() }),
  create_time: secondsSchema,
  content: z.looseObject({ content_type: z.string(), parts: z.array(z.unknown()).nullish() }),
  recipient: z.string().nullish(),
  metadata: z
    .looseObject({
      model_slug: z.string().max(100).nullish(),
      is_visually_hidden_from_conversation: z.boolean().nullish(),
    })
    .nullish(),
});

const nodeSchema = z.object({
  message: messageSchema.nullish(),
  parent: z.string().nullish(),
});
type Node = z.infer<typeof nodeSchema>;

const conversationSchema = z.object({
  title: z.string().nullish(),
  create_time: secondsSchema,
  update_time: secondsSchema,
  current_node: z.string().nullish(),
  mapping: z.record(z.string(), nodeSchema),
});

/** Whether a value looks like a ChatGPT conversation. */
export function isConversation(value: unknown): boolean {
  return typeof value === "object" && value !== null && "mapping" in value;
}

/**
 * Converts a conversation to an exported chat.
 *
 * @param now epoch milliseconds, used when the file has no times
 * @throws ZodError or ImportFailure
 */
export function readConversation(value: unknown, now: number): ExportedChat {
  const conversation = conversationSchema.parse(value);
  const nodes = new Map(Object.entries(conversation.mapping));
  if (nodes.size > limits.importMessagesMax) {
    throw new ImportFailure(`A chat can have up to ${limits.importMessagesMax} messages.`);
  }
  const createdAt = toMs(conversation.create_time) ?? now;
  const kept = new Map<string, ExportedMessage>();
  /** Which message a node is part of, or comes after. */
  const places = new Map<string, string | null>();
  for (const id of parentsFirst(nodes)) {
    const node = nodes.get(id);
    if (!node) continue;
    const parentId = node.parent ? (places.get(node.parent) ?? null) : null;
    const message = toMessage(id, parentId, node, createdAt);
    const before = parentId === null ? undefined : kept.get(parentId);
    if (!message) {
      places.set(id, parentId);
    } else if (before && message.role === "assistant" && before.role === "assistant") {
      before.parts.push(...message.parts);
      places.set(id, before.id);
    } else {
      kept.set(id, message);
      places.set(id, id);
    }
  }
  const messages = [...kept.values()];
  return {
    id: "conversation",
    title: cutText(conversation.title?.trim() ?? "", limits.titleMaxLength) || "Untitled",
    titleSource: "owner",
    pinnedAt: null,
    createdAt,
    updatedAt: toMs(conversation.update_time) ?? createdAt,
    currentMessageId: places.get(conversation.current_node ?? "") ?? messages.at(-1)?.id ?? null,
    messages,
    documents: [],
  };
}

/** @throws ImportFailure when a node is its own ancestor */
function parentsFirst(nodes: ReadonlyMap<string, Node>): string[] {
  const children = new Map<string | null, string[]>();
  for (const [id, { parent }] of nodes) {
    const key = parent && nodes.has(parent) ? parent : null;
    const siblings = children.get(key);
    if (siblings) siblings.push(id);
    else children.set(key, [id]);
  }
  const order = [...(children.get(null) ?? [])];
  for (const id of order) order.push(...(children.get(id) ?? []));
  if (order.length < nodes.size) throw new ImportFailure("Its messages form a loop.");
  return order;
}

function toMessage(
  id: string,
  parentId: string | null,
  { message }: Node,
  createdAt: number,
): ExportedMessage | null {
  const role = message?.author.role;
  if (!message || (role !== "user" && role !== "assistant")) return null;
  if (message.metadata?.is_visually_hidden_from_conversation) return null;
  if (message.recipient && message.recipient !== "all") return null;
  const text = textOf(message.content);
  if (text === "") return null;
  const time = toMs(message.create_time) ?? createdAt;
  return {
    id,
    parentId,
    role,
    parts: [{ type: "text", text }],
    status: "complete",
    modelId: role === "assistant" ? (message.metadata?.model_slug ?? null) : null,
    inputTokens: null,
    outputTokens: null,
    errorCode: null,
    vote: null,
    createdAt: time,
    finishedAt: time,
  };
}

function textOf({ content_type, parts }: z.infer<typeof messageSchema>["content"]): string {
  if (content_type !== "text" && content_type !== "multimodal_text") return "";
  return (parts ?? [])
    .flatMap((part) => (typeof part === "string" ? [part] : [transcriptOf(part)]))
    .filter((text) => text.trim() !== "")
    .join("\n\n");
}

/** The text of a part; a placeholder for an image. */
function transcriptOf(part: unknown): string {
  const known = z
    .object({ content_type: z.string(), text: z.string().optional() })
    .safeParse(part).data;
  if (known?.content_type === "audio_transcription") return known.text ?? "";
  return known?.content_type === "image_asset_pointer" ? "*(an image)*" : "";
}

function toMs(seconds: number | null | undefined): number | null {
  return seconds == null ? null : Math.round(seconds * 1000);
}
