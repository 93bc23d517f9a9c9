import type { UserContext } from "../../context.ts";
import type { ChatNews } from "../../contracts/news.ts";
import { AppError } from "../../errors.ts";
import { delay } from "../../platform/delay.ts";
import { toTrpcError } from "../../trpc.ts";
import { openNews } from "../news/news.ts";
import { CredentialWatch } from "../subscriptions/credential-watch.ts";
import { type FreePlace, takeAddressPlace } from "../subscriptions/take-place.ts";
import { listGeneratingChats } from "./queries.ts";

/** A page must reconnect after this long. */
const watchMaxMs = 10 * 60_000;
/** Failed attempts in a row to reach the user's object before the page gets an error. */
const maxTries = 6;
const retryBaseMs = 50;

/**
 * Yields news of the viewer's chats from any device. Each connection to the user's object starts
 * with a snapshot, which makes up for news missed in between.
 * Ends with the viewer's session or token.
 *
 * @param isHidden whether the page that watches is in the background
 * @throws TRPCError BAD_GATEWAY when the object cannot be reached; TOO_MANY_REQUESTS when too many
 *   subscriptions are open
 */
export async function* watchChats(
  ctx: UserContext,
  isHidden: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChatNews, void> {
  let free: FreePlace | undefined;
  try {
    free = takeAddressPlace(ctx);
    yield* relayNews(ctx, isHidden, signal);
  } catch (error) {
    throw toTrpcError(error);
  } finally {
    free?.();
  }
}

async function* relayNews(
  ctx: UserContext,
  isHidden: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChatNews, void> {
  const watch = new CredentialWatch(ctx, ctx.viewer);
  const { ended } = watch;
  const ends = AbortSignal.any([
    AbortSignal.timeout(watchMaxMs),
    ended,
    ...(signal ? [signal] : []),
  ]);
  try {
    yield* relayWatched(ctx, isHidden, watch, ends);
    ended.throwIfAborted();
  } finally {
    watch.stop();
  }
}

async function* relayWatched(
  ctx: UserContext,
  isHidden: boolean,
  watch: CredentialWatch,
  ends: AbortSignal,
): AsyncGenerator<ChatNews, void> {
  for (let tries = 0; !ends.aborted; tries++) {
    if (tries === maxTries) {
      throw new AppError("UPSTREAM_FAILED", "Live updates aren’t available right now.");
    }
    if (tries > 0) await delay(retryBaseMs * 2 ** tries, ends);
    const { credential } = watch;
    const { userId } = ctx.viewer;
    const news = await openNews(ctx.env, userId, credential, isHidden).catch(unlessRefused);
    // Only now, because the credential may have ended before the object knew of the socket.
    watch.checkSoon();
    if (!news) continue;
    const close = () => news.close();
    ends.addEventListener("abort", close);
    try {
      // The snapshot is taken after listening starts, so that no change falls between the two.
      const generatingChatIds = await listGeneratingChats(ctx.content, userId);
      yield { type: "snapshot", generatingChatIds };
      tries = 0;
      if (!ends.aborted) yield* news;
      if (news.closed) watch.hasEndedBy(news.closed.code, news.closed.reason);
    } finally {
      ends.removeEventListener("abort", close);
      news.close();
    }
  }
}

/** An object that cannot be reached is tried again; one that refuses is not. */
function unlessRefused(error: unknown): null {
  if (error instanceof AppError) throw error;
  return null;
}
