/**
 * Reads the tables of the Next.js chat template as JSON: `Chat`, `Message_v2` and optionally
 * `Vote_v2`, each an array of rows. There the messages of a chat are a plain sequence.
 */
import { z } from "zod";
import { cutText } from "../../../contracts/cut-text.ts";
import { limits } from "../../../contracts/limits.ts";
import { messagePartSchema } from "../../../contracts/message-parts.ts";
import type { ExportedChat, ExportedMessage } from "../../../contracts/transfer.ts";
import type { FileChat } from "./file-chat.ts";

/**
 * A time as Postgres drivers write it: ISO 8601, with or without T and zone. Without a zone it is
 * UTC.
 */
const timeSchema = z.union([z.string(), z.number()]).transform((value, context) => {
  const text = String(value).replace(" ", "T");
  const isZoned = typeof value === "number" || /(Z|[+-]\d\d(:?\d\d)?)$/.test(text);
  const time = typeof value === "number" ? value : Date.parse(isZoned ? text : `${text}Z`);
  if (Number.isFinite(time) && time >= 0) return Math.floor(time);
  context.addIssue({ code: "custom", message: "This isn’t a valid time." });
  return z.NEVER;
});

const idSchema = z.string().min(1).max(200);

const chatSchema = z.object({ id: idSchema, createdAt: timeSchema, title: z.string().nullish() });

const messageSchema = z.object({
  id: idSchema,
  role: z.enum(["user", "assistant"], "The role must be user or assistant."),
  parts: z.array(messagePartSchema).max(limits.importPartsMax),
  createdAt: timeSchema,
});

const voteSchema = z.object({ messageId: z.string(), isUpvoted: z.boolean() });

export const templateTablesSchema = z.object({
  Chat: z.array(z.looseObject({ id: idSchema })),
  Message_v2: z.array(z.looseObject({ chatId: z.string() })),
  Vote_v2: z.array(z.unknown()).optional(),
});

export function readTemplateTables(tables: z.infer<typeof templateTablesSchema>): FileChat[] {
  const rows = Map.groupBy(tables.Message_v2, ({ chatId }) => chatId);
  const votes = new Map<string, "up" | "down">();
  for (const row of tables.Vote_v2 ?? []) {
    const vote = voteSchema.safeParse(row);
    if (vote.success) votes.set(vote.data.messageId, vote.data.isUpvoted ? "up" : "down");
  }
  return tables.Chat.map((chat) => ({
    title: typeof chat.title === "string" ? chat.title : null,
    read: () => readChat(chat, rows.get(chat.id) ?? [], votes),
    keepsIds: true,
  }));
}

function readChat(
  row: unknown,
  messageRows: readonly unknown[],
  votes: ReadonlyMap<string, "up" | "down">,
): ExportedChat {
  const chat = chatSchema.parse(row);
  const ordered = messageRows
    .map((message) => messageSchema.parse(message))
    // The sort is stable, so rows with the same time keep the file's order.
    .sort((a, b) => a.createdAt - b.createdAt);
  const messages = ordered.map(
    ({ id, role, parts, createdAt }, index): ExportedMessage => ({
      id,
      parentId: ordered[index - 1]?.id ?? null,
      role,
      parts,
      status: "complete",
      modelId: null,
      inputTokens: null,
      outputTokens: null,
      errorCode: null,
      vote: role === "assistant" ? (votes.get(id) ?? null) : null,
      createdAt,
      finishedAt: createdAt,
    }),
  );
  const last = messages.at(-1);
  return {
    id: chat.id,
    title: cutText(chat.title?.trim() ?? "", limits.titleMaxLength) || "Untitled",
    titleSource: "owner",
    pinnedAt: null,
    createdAt: chat.createdAt,
    updatedAt: last?.createdAt ?? chat.createdAt,
    currentMessageId: last?.id ?? null,
    messages,
    documents: [],
  };
}
