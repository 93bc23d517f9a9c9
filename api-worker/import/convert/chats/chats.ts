import { limits } from "../../../src/contracts/limits.ts";
import type { MessagePart } from "../../../src/contracts/message-parts.ts";
import type { ConvertedGroup, FileReference, TableRows } from "../../model.ts";
import { type ConvertContext, Findings, type Outcomes } from "../context.ts";
import { SourceFile } from "../messages/drafts.ts";
import { filesIn, StoredFiles } from "../stored-files.ts";
import { titleOf } from "../values.ts";
import { type ChatGroup, type ChatPlan, planChat } from "./plan-chat.ts";
import { convertVotes } from "./votes.ts";

/** The files of a chat's messages. */
export function filesOfChat(group: ChatGroup, context: ConvertContext): FileReference[] {
  const { id: chatId, userId, messages } = planChat(group, context);
  return messages.flatMap(({ drafts, createdAt }) => {
    return filesIn(drafts, { userId, chatId, createdAt });
  });
}

export function convertChat(
  group: ChatGroup,
  context: ConvertContext,
  outcomes: Outcomes,
): ConvertedGroup {
  const plan = planChat(group, context);
  const findings = new Findings(plan.findings);
  const files = new StoredFiles(outcomes);
  const chat = chatRow(group, plan, context, findings);
  const messages = messageRows(plan, files, findings);
  const votes = convertVotes(plan, group, findings);
  const isPublic = chat.visibility === "public";
  return {
    kind: "chat",
    id: group.id,
    tables: [
      files.table,
      { table: "chats", database: "content", key: ["userId", "id"], rows: [chat] },
      messages,
      votes,
      {
        ...{ table: "publicChats", database: "home", key: ["chatId"] },
        rows: isPublic ? [{ chatId: plan.id, userId: plan.userId, createdAt: plan.createdAt }] : [],
      },
    ],
    findings: findings.list,
    userId: plan.userId,
  };
}

/** Without what the source has no word on, so that a later copy leaves it as it is. */
function chatRow(
  { id, chat }: ChatGroup,
  plan: ChatPlan,
  { shape, userIds }: ConvertContext,
  findings: Findings,
) {
  const note = findings.of("Chat", id);
  if (!userIds.has(plan.userId)) {
    note(
      "owner-missing",
      `Its owner ${plan.userId} does not exist. It is kept, and no one can see it.`,
    );
  }
  const hasVisibility = shape.tables.get("Chat")?.columns.some(({ name }) => name === "visibility");
  const isKnown = chat.visibility === "public" || chat.visibility === "private";
  if (hasVisibility && !isKnown) {
    note("visibility-unknown", `“${chat.visibility}” is no visibility. The chat is private.`);
  }
  return {
    userId: plan.userId,
    id: plan.id,
    title: titleOf(chat.title ?? firstQuestion(plan), limits.titleMaxLength),
    // No model gives it another one.
    titleSource: "owner",
    visibility: chat.visibility === "public" ? "public" : "private",
    currentMessageId: plan.currentMessageId,
    createdAt: plan.createdAt,
    updatedAt: plan.updatedAt,
  } as const;
}

/** The first line of the first question, for a state in which chats had no titles. */
function firstQuestion({ messages }: ChatPlan): string {
  const question = messages.find(({ role }) => role === "user");
  const text = question?.drafts.flatMap((draft) => {
    return !(draft instanceof SourceFile) && draft.type === "text" ? [String(draft.text)] : [];
  });
  return (text ?? []).join(" ").trim().split("\n")[0] ?? "";
}

function messageRows(plan: ChatPlan, files: StoredFiles, findings: Findings): TableRows {
  const { id: chatId, userId } = plan;
  const rows = plan.messages.map(({ id, parentId, role, drafts, createdAt }) => {
    const note = findings.of("messages", id);
    const parts = drafts.map((draft): MessagePart => {
      return draft instanceof SourceFile ? files.partOf(draft, note) : draft;
    });
    return {
      ...{ userId, id, chatId, parentId, role, parts: JSON.stringify(parts), status: "complete" },
      ...{ modelId: null, streamId: null, inputTokens: null, outputTokens: null, errorCode: null },
      ...{ createdAt, finishedAt: createdAt },
    };
  });
  return { table: "messages", database: "content", key: ["userId", "id"], rows };
}
