import type { z } from "zod";
import type { Context, UserContext } from "../../../context.ts";
import type {
  LiveStreamOutput,
  LiveStreamsOutput,
  listEndedInput,
  listEndedOutput,
  stopStreamInput,
} from "../../../contracts/admin-streams.ts";
import type { stopOutput } from "../../../contracts/messages.ts";
import { chatObject } from "../../../platform/chat-object.ts";
import { systemClock } from "../../../platform/clock.ts";
import { contentDatabases } from "../../../platform/content.ts";
import { pageRequest, toPage } from "../../../platform/page.ts";
import { adminEvent } from "../../audit/admin-event.ts";
import { recordEvent } from "../../audit/record-event.ts";
import { stopTurn } from "../../messages/stop-turn.ts";
import type { TurnState } from "../../messages/turn/turn-protocol.ts";
import { findOwners } from "../frame/find-owners.ts";
import { findTarget } from "../users/find-target.ts";
import { listEndedBadly, listOpenAnswers, type OpenAnswer } from "./queries.ts";

/** Answers in progress that are shown at most. Each costs a call of its chat's object. */
const liveShown = 100;

type Place = Pick<Context, "env" | "home">;

/** The answers in progress of all users, the oldest first, as their objects know them. */
export async function listLiveStreams({ env, home }: Place): Promise<LiveStreamsOutput> {
  const found = await Promise.all(
    contentDatabases(env).map((content) => listOpenAnswers(content, liveShown + 1)),
  );
  const answers = found.flat().toSorted((one, other) => one.createdAt - other.createdAt);
  const shown = answers.slice(0, liveShown);
  const [ownerOf, states] = await Promise.all([
    findOwners(home, shown),
    Promise.all(shown.map((answer) => describe(env, answer))),
  ]);
  const streams = shown.flatMap((answer, index): LiveStreamOutput[] => {
    const { userId, chatId, messageId, modelId, streamId, createdAt: startedAt } = answer;
    const state = states[index] ?? { kind: "unknown" };
    if (streamId === null) return [];
    return [{ owner: ownerOf(userId), chatId, messageId, modelId, streamId, startedAt, state }];
  });
  return { now: systemClock(), streams, hasMore: answers.length > liveShown };
}

/** Asks the chat's object about a turn. An object that does not respond hides no others. */
async function describe(env: Env, answer: OpenAnswer): Promise<LiveStreamOutput["state"]> {
  if (answer.streamId === null) return { kind: "unknown" };
  try {
    return (await chatObject(env, answer).describe(answer.streamId)) as TurnState;
  } catch {
    return { kind: "unknown" };
  }
}

/**
 * Stops an answer of any user.
 *
 * @returns how the answer ended
 * @throws AppError NOT_FOUND
 */
export async function stopStream(
  ctx: UserContext,
  { userId, chatId, streamId, reason }: z.infer<typeof stopStreamInput>,
): Promise<z.infer<typeof stopOutput>> {
  const { owner } = await findTarget(ctx, userId);
  const target = { targetType: "stream", targetId: streamId, ownerId: userId } as const;
  await recordEvent(ctx.home, adminEvent(ctx, { ...target, action: "stream.stop", reason }));
  return stopTurn(owner, { chatId, streamId });
}

/**
 * Lists a page of the answers that failed or were interrupted, last ended first.
 *
 * @throws AppError INVALID for a cursor of another origin
 */
export async function listEndedStreams(
  { env, home }: Place,
  { limit, cursor }: z.infer<typeof listEndedInput>,
): Promise<z.infer<typeof listEndedOutput>> {
  const page = pageRequest(limit, cursor);
  const found = await Promise.all(
    contentDatabases(env).map((content) => listEndedBadly(content, page)),
  );
  const rows = found
    .flat()
    .toSorted(
      (one, other) =>
        other.finishedAt - one.finishedAt || (one.messageId < other.messageId ? 1 : -1),
    )
    .slice(0, page.limit);
  const { items, nextCursor } = toPage(rows, limit, (row) => [row.finishedAt, row.messageId]);
  const ownerOf = await findOwners(home, items);
  return {
    items: items.map(({ userId, ...answer }) => ({ ...answer, owner: ownerOf(userId) })),
    nextCursor,
  };
}
