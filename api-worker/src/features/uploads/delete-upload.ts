import type { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import { fileAddress, type uploadDeleteInput } from "../../contracts/uploads.ts";
import { notFound } from "../../errors.ts";
import { publishNews } from "../news/news.ts";
import { purgeUploads } from "./purge/purge-uploads.ts";
import { dropFromDraft, listChatsWith, setDeleting } from "./queries.ts";

/**
 * Deletes one of the owner's files. All messages that contain it say so from then on.
 *
 * @throws AppError NOT_FOUND
 */
export async function deleteUpload(
  owner: OwnerContext,
  { uploadId, onlyIfUnused }: z.infer<typeof uploadDeleteInput>,
): Promise<null> {
  const { env, content, log, userId } = owner;
  const key = { userId, id: uploadId };
  const chatIds = onlyIfUnused ? [] : await listChatsWith(content, key);
  const isGone = onlyIfUnused
    ? await dropFromDraft(content, key)
    : await setDeleting(content, key, {
        url: fileAddress(uploadId),
        deletedType: "data-deleted-file",
      });
  if (!isGone) throw notFound("file");
  await Promise.all([
    purgeUploads(owner),
    ...chatIds.map((chatId) => publishNews(env, log, userId, { type: "changed", chatId })),
  ]);
  return null;
}
