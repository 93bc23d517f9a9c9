import type { OwnerContext } from "../../context.ts";
import { openStreamObject } from "../../platform/open-stream-object.ts";
import { deleteOpenStream, listOpenStreams } from "./queries.ts";

/** The number of streams that are ended at the same time. */
const batchSize = 50;

/** Ends all open streams of an owner, and removes them from the owner's list. */
export async function deleteAllStreams({ env, content, userId }: OwnerContext): Promise<void> {
  for (;;) {
    const paths = await listOpenStreams(content, userId, batchSize);
    await Promise.all(
      paths.map(async (path) => {
        await openStreamObject(env, { userId, path }).delete();
        // An object without a live stream does not remove the row.
        await deleteOpenStream(content, { userId, path });
      }),
    );
    if (paths.length < batchSize) return;
  }
}
