import type { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import type { SelectBranchOutput, selectBranchInput } from "../../contracts/messages.ts";
import { notFound } from "../../errors.ts";
import { publishNews } from "../news/news.ts";
import { showBranch } from "./queries.ts";

/**
 * Shows the branch through a message, on every device.
 *
 * @throws AppError NOT_FOUND
 */
export async function selectBranch(
  { env, content, log, userId }: OwnerContext,
  { chatId, messageId }: z.infer<typeof selectBranchInput>,
): Promise<SelectBranchOutput> {
  const currentMessageId = await showBranch(content, { userId, chatId }, messageId);
  if (currentMessageId === undefined) throw notFound("message");
  await publishNews(env, log, userId, { type: "changed", chatId });
  return { currentMessageId };
}
