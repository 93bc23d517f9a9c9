import type { z } from "zod";
import type { Context } from "../../../context.ts";
import type {
  AdminVoteOutput,
  ListAdminVotesOutput,
  listAdminVotesInput,
  VotesByDayOutput,
  votesByDayInput,
} from "../../../contracts/admin-votes.ts";
import { systemClock } from "../../../platform/clock.ts";
import { contentDatabases } from "../../../platform/content.ts";
import { pageRequest, toPage } from "../../../platform/page.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { utcDay, utcDayBefore } from "../../../platform/utc-day.ts";
import { findOwners } from "../frame/find-owners.ts";
import { listVoteDays, listVotesOfAll } from "./queries.ts";

type Place = Pick<Context, "env" | "home">;

/**
 * Lists a page of the votes of all users, last changed first, without the answers.
 *
 * @throws AppError INVALID for a cursor of another origin
 */
export async function listAdminVotes(
  { env, home }: Place,
  { limit, cursor, ...filter }: z.infer<typeof listAdminVotesInput>,
): Promise<ListAdminVotesOutput> {
  const page = pageRequest(limit, cursor);
  const found = await Promise.all(
    contentDatabases(env).map((content) => listVotesOfAll(content, filter, page)),
  );
  const rows = found
    .flat()
    .toSorted(
      (one, other) => other.updatedAt - one.updatedAt || (one.messageId < other.messageId ? 1 : -1),
    )
    .slice(0, page.limit);
  const { items, nextCursor } = toPage(rows, limit, (row) => [row.updatedAt, row.messageId]);
  const ownerOf = await findOwners(home, items);
  const { canAdminsOpenChats: canOpen } = settingsOf(env);
  return {
    items: items.map(
      ({ userId, title, visibility, isUpvoted, ...vote }): AdminVoteOutput => ({
        ...vote,
        owner: ownerOf(userId),
        // A title often is the first question.
        chatTitle: canOpen || visibility === "public" ? title : null,
        vote: isUpvoted === 1 ? "up" : "down",
      }),
    ),
    nextCursor,
    canOpen,
  };
}

/** The votes that stand, by the day on which they were last changed, and by model. */
export async function readVotesByDay(
  { env }: Place,
  { days }: z.infer<typeof votesByDayInput>,
): Promise<VotesByDayOutput> {
  const now = systemClock();
  const fromDay = utcDayBefore(now, days - 1);
  const found = await Promise.all(
    contentDatabases(env).map((content) => listVoteDays(content, fromDay)),
  );
  const byKey = Map.groupBy(found.flat(), ({ day, modelId }) => `${day} ${modelId}`);
  const items = [...byKey.values()].map((rows) =>
    rows.reduce((one, { up, down }) => ({
      day: one.day,
      modelId: one.modelId,
      up: one.up + up,
      down: one.down + down,
    })),
  );
  return {
    today: utcDay(now),
    items: items
      .filter(({ up, down }) => up + down > 0)
      .toSorted((one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : 0)),
  };
}
