import type { UserContext } from "../../context.ts";
import type { ChatNews } from "../../contracts/news.ts";
import { AppError } from "../../errors.ts";
import { delay } from "../../platform/delay.ts";
import { toTrpcError } from "../../trpc.ts";
import { openNews } from "../news/news.ts";
import { listGeneratingChats } from "./queries.ts";

/** A page asks anew after this long, so that a session that was revoked does not listen on. */
const watchMaxMs = 10 * 60_000;
/** Tries in a row to reach the user's object, before the page is told. */
const maxTries = 6;
const retryBaseMs = 50;

/**
 * What happens in the viewer's chats, on whichever device. Each connection to the user's object
 * begins with a snapshot, so nothing that was missed in between is missed for good.
 *
 * @throws TRPCError BAD_GATEWAY when the news cannot be had
 */
export async function* watchChats(
  ctx: UserContext,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChatNews, void> {
  const ends = AbortSignal.any([AbortSignal.timeout(watchMaxMs), ...(signal ? [signal] : [])]);
  for (let tries = 0; !ends.aborted; tries++) {
    if (tries === maxTries) {
      throw toTrpcError(
        new AppError("UPSTREAM_FAILED", "Live updates aren’t available right now."),
      );
    }
    if (tries > 0) await delay(retryBaseMs * 2 ** tries, ends);
    const news = await openNews(ctx.env, ctx.viewer.userId).catch(() => null);
    if (!news) continue;
    const close = () => news.close();
    ends.addEventListener("abort", close);
    try {
      // Listening first: what changes after the snapshot was taken is in the news.
      const generatingChatIds = await listGeneratingChats(ctx.content, ctx.viewer.userId);
      yield { type: "snapshot", generatingChatIds };
      tries = 0;
      if (!ends.aborted) yield* news;
    } finally {
      ends.removeEventListener("abort", close);
      news.close();
    }
  }
}
