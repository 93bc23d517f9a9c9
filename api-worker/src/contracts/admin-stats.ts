import { z } from "zod";

/** Spans of the overview, in days with today. Days are UTC. */
export const overviewSpans = [7, 30, 90] as const;
export type OverviewSpan = (typeof overviewSpans)[number];

export const overviewInput = z.object({ days: z.literal(overviewSpans).default(30) });

/** The answers of a day and a model. */
export const answerDayOutput = z.object({
  /** YYYY-MM-DD */
  day: z.string(),
  /** Empty for answers of an unknown model. */
  modelId: z.string(),
  /** Answers that ended, however they ended. */
  answers: z.number(),
  /** Of these, the ones that were stopped, were cut off, and failed. */
  stopped: z.number(),
  interrupted: z.number(),
  failed: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** Nano-dollars, by the prices at the time of the answers; 0 for answers without a price. */
  costNanos: z.number(),
});
export type AnswerDayOutput = z.infer<typeof answerDayOutput>;

/** What came on a day, and what was stored at its end. */
export const siteDayOutput = z.object({
  /** YYYY-MM-DD */
  day: z.string(),
  newAccounts: z.number(),
  newGuests: z.number(),
  newChats: z.number(),
  newMessages: z.number(),
  /** Of text, files and open streams; null for a day before counting began. */
  storedBytes: z.number().nullable(),
});
export type SiteDayOutput = z.infer<typeof siteDayOutput>;

export const overviewOutput = z.object({
  now: z.object({
    accounts: z.number(),
    guests: z.number(),
    chats: z.number(),
    messages: z.number(),
    textBytes: z.number(),
    fileBytes: z.number(),
    streamBytes: z.number(),
    /** Answers in progress. */
    liveAnswers: z.number(),
  }),
  /** Every day of the span, oldest first. */
  days: z.array(siteDayOutput),
  /** Newest day first. Days and models without answers are left out. */
  answers: z.array(answerDayOutput),
});
export type OverviewOutput = z.infer<typeof overviewOutput>;
