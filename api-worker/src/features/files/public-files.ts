import type { ContentDb } from "db";
import type { Context } from "../../context.ts";
import { findPublicChat } from "../chats/sharing/public-chats.ts";
import { isShown } from "../chats/shown-branch.ts";
import type { ServedUpload } from "../uploads/find-upload.ts";
import { listPublicUses } from "./queries.ts";

/** The most messages of public chats that are checked for one file. */
const usesMax = 50;

/**
 * Whether a public chat shows a file now, in a message of the branch that its readers see. Checked
 * on each request, so that it ends when the chat is made private or deleted.
 */
export async function isShownInPublic(
  { env, home }: Pick<Context, "env" | "home">,
  content: ContentDb,
  { userId, id }: ServedUpload,
): Promise<boolean> {
  const uses = await listPublicUses(content, { userId, id }, usesMax);
  for (const { chatId, messageId } of uses) {
    const chat = await findPublicChat(env, home, chatId);
    if (chat?.key.userId !== userId) continue;
    if (await isShown(content, { userId, chatId }, { messageId })) return true;
  }
  return false;
}
