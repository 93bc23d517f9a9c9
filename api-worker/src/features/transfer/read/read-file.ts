/** Finds the chats in an import file of any supported format. */
import { z } from "zod";
import { cutText } from "../../../contracts/cut-text.ts";
import { limits } from "../../../contracts/limits.ts";
import {
  exportedChatSchema,
  exportedDocumentSchema,
  exportFormatName,
} from "../../../contracts/transfer.ts";
import { AppError } from "../../../errors.ts";
import type { FileChat, FileDocument } from "./file-chat.ts";
import { isConversation, readConversation } from "./read-chatgpt.ts";
import { readTemplateTables, templateTablesSchema } from "./read-template.ts";

const ownFileSchema = z.object({
  format: z.literal(exportFormatName),
  version: z.literal(1, "This file was exported by a newer version of Alleato Chat."),
  chats: z.array(z.unknown()),
  documents: z.array(z.unknown()).default([]),
});

/** What a file has. */
export interface FileContent {
  readonly chats: FileChat[];
  /** Documents without a chat. */
  readonly documents: FileDocument[];
}

/**
 * Reads the chats and documents of an import file.
 *
 * @param data the parsed JSON of the file
 * @throws AppError INVALID for an unknown format or too much nesting; TOO_LARGE for too many chats or
 *   documents
 */
export function readFile(data: unknown): FileContent {
  if (depthOf(data) > limits.importDepthMax) {
    throw new AppError("INVALID", "This file is nested too deeply.");
  }
  const content = isOwn(data) ? readOwn(data) : { chats: findChats(data), documents: [] };
  for (const name of ["chats", "documents"] as const) {
    const { length } = content[name];
    if (length <= limits.importChatsMax) continue;
    const most = `You can import up to ${limits.importChatsMax} ${name} at once.`;
    throw new AppError("TOO_LARGE", `${most} This file has ${length}.`);
  }
  return content;
}

const isOwn = (data: unknown) => isRecord(data) && data.format === exportFormatName;

function readOwn(data: unknown): FileContent {
  const file = ownFileSchema.safeParse(data);
  if (!file.success) throw new AppError("INVALID", firstIssue(file.error));
  const { chats, documents } = file.data;
  return {
    chats: chats.map((chat) => ({
      title: titleOf(chat),
      read: () => exportedChatSchema.parse(chat),
      keepsIds: false,
    })),
    documents: documents.map((document) => ({
      title: titleOf(document),
      read: () => exportedDocumentSchema.parse(document),
    })),
  };
}

function findChats(data: unknown): FileChat[] {
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
