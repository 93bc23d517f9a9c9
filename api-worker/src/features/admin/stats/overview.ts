import type { z } from "zod";
import type { Context } from "../../../context.ts";
import type {
  AnswerDayOutput,
  OverviewOutput,
  overviewInput,
} from "../../../contracts/admin-stats.ts";
import { systemClock } from "../../../platform/clock.ts";
import { contentDatabases } from "../../../platform/content.ts";
import { utcDay, utcDayBefore } from "../../../platform/utc-day.ts";
import { listContentDays, listUserDays } from "./queries.ts";

/** Reads what the site holds now, and what happened on each day of a span. */
export async function readOverview(
  { env, home }: Pick<Context, "env" | "home">,
  { days: span }: z.infer<typeof overviewInput>,
): Promise<OverviewOutput> {
  const now = systemClock();
  const days = Array.from({ length: span }, (_, index) => utcDayBefore(now, span - 1 - index));
  const [fromDay = utcDay(now)] = days;
  const [userDays, contents] = await Promise.all([
    listUserDays(home, fromDay),
    Promise.all(contentDatabases(env).map((content) => listContentDays(content, fromDay))),
  ]);
  const contentDays = contents.map(([ofContent]) => ofContent);
  const users = userDays.at(-1);
  const stores = contentDays.map((ofContent) => ofContent.at(-1));
  const sum = (read: (store: ContentDay) => number) => sumOf(stores, read);
  return {
    now: {
      accounts: users?.accounts ?? 0,
      guests: users?.guests ?? 0,
      chats: sum(({ chats }) => chats),
      messages: sum(({ messages }) => messages),
      textBytes: sum(({ textBytes }) => textBytes),
      fileBytes: sum(({ fileBytes }) => fileBytes),
      streamBytes: sum(({ streamBytes }) => streamBytes),
      liveAnswers: sum(({ openAnswers }) => openAnswers),
    },
    days: days.map((day) => {
      const came = userDays.find((one) => one.day === day);
      const changed = contentDays.map((ofContent) => ofContent.find((one) => one.day === day));
      const stored = contentDays.map((ofContent) => ofContent.findLast((one) => one.day <= day));
      return {
        day,
        newAccounts: came?.newAccounts ?? 0,
        newGuests: came?.newGuests ?? 0,
        newChats: sumOf(changed, ({ newChats }) => newChats),
        newMessages: sumOf(changed, ({ newMessages }) => newMessages),
        storedBytes: stored.some((one) => one !== undefined) ? sumOf(stored, bytesOf) : null,
      };
    }),
    answers: mergeAnswers(contents.flatMap(([, answers]) => answers)),
  };
}

type ContentDay = Awaited<ReturnType<typeof listContentDays>>[0][number];

const bytesOf = ({ textBytes, fileBytes, streamBytes }: ContentDay) =>
  textBytes + fileBytes + streamBytes;

/** Sums up over the content databases; one without a row counts nothing. */
function sumOf(
  days: readonly (ContentDay | undefined)[],
  read: (day: ContentDay) => number,
): number {
  return days.reduce((sum, day) => sum + (day === undefined ? 0 : read(day)), 0);
}

/** Sums up the rows of a day and a model, which each content database has one of. */
function mergeAnswers(rows: readonly AnswerDayOutput[]): AnswerDayOutput[] {
  const byKey = Map.groupBy(rows, ({ day, modelId }) => `${day} ${modelId}`);
  const merged = [...byKey.values()].map((ofKey) => ofKey.reduce(addAnswers));
  return merged.toSorted(
    (one, other) => compare(other.day, one.day) || compare(one.modelId, other.modelId),
  );
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function addAnswers(one: AnswerDayOutput, other: AnswerDayOutput): AnswerDayOutput {
  return {
    day: one.day,
    modelId: one.modelId,
    answers: one.answers + other.answers,
    stopped: one.stopped + other.stopped,
    interrupted: one.interrupted + other.interrupted,
    failed: one.failed + other.failed,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    costNanos: one.costNanos + other.costNanos,
  };
}
