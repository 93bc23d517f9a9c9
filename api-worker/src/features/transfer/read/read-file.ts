/** Finds the chats in an import file of any supported format. */
import { z } from "zod";
import { cutText } from "../../../contracts/cut-text.ts";
import { limits } from "../../../contracts/limits.ts";
import { exportedChatSchema, exportFormatName } from "../../../contracts/transfer.ts";
import { AppError } from "../../../errors.ts";
import type { FileChat } from "./file-chat.ts";
import { isConversation, readConversation } from "./read-chatgpt.ts";
import { readTemplateTables, templateTablesSchema } from "./read-template.ts";

const ownFileSchema = z.object({
  format: z.literal(exportFormatName),
  version: z.literal(1, "This file was exported by a newer version of Alleato Chat."),
  chats: z.array(z.unknown()),
});

/**
 * Reads the chats of an import file.
 *
 * @param data the parsed JSON of the file
 * @throws AppError INVALID for an unknown format or too much nesting; TOO_LARGE for too many chats
 */
export function readFile(data: unknown): FileChat[] {
  if (depthOf(data) > limits.importDepthMax) {
    throw new AppError("INVALID", "This file is nested too deeply.");
  }
  const chats = findChats(data);
  if (chats.length > limits.importChatsMax) {
    throw new AppError(
      "TOO_LARGE",
      `You can import up to ${limits.importChatsMax} chats at once. This file has ${chats.length}.`,
    );
  }
  return chats;
}

function findChats(data: unknown): FileChat[] {
  if (isRecord(data) && data.format === exportFormatName) {
    const file = ownFileSchema.safeParse(data);
    if (!file.success) throw new AppError("INVALID", firstIssue(file.error));
    return file.data.chats.map((chat) => ({
      title: titleOf(chat),
      read: () => exportedChatSchema.parse(chat),
      keepsIds: false,
    }));
  }
  const conversations = Array.isArray(data) ? data : [data];
  if (conversations.some(isConversation)) {
    return conversations.map((conversation) => ({
      title: titleOf(conversation),
      read: (now) => readConversation(conversation, now),
      keepsIds: false,
    }));
  }
  const tables = templateTablesSchema.safeParse(data);
  if (tables.success) return readTemplateTables(tables.data);
  throw new AppError(
    "INVALID",
    "This file isn’t a supported export. Choose a JSON file from Alleato Chat, ChatGPT, or the Next.js chat template.",
  );
}

/** The first validation problem, with its path. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue?.path.map(String).join(".");
  return `${place ? `${place}: ` : ""}${issue?.message ?? "It has an unknown format."}`;
}

function titleOf(chat: unknown): string | null {
  return isRecord(chat) && typeof chat.title === "string" ? cutText(chat.title, 200) : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The nesting depth of objects and arrays, level by level, so that deep input needs no deep
 * recursion.
 */
function depthOf(data: unknown): number {
  let depth = 0;
  let level = [data];
  for (;;) {
    const inner: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const child of Object.values(value)) {
        if (typeof child === "object" && child !== null) inner.push(child);
      }
    }
    depth += 1;
    if (inner.length === 0 || depth > limits.importDepthMax) return depth;
    level = inner;
  }
}
