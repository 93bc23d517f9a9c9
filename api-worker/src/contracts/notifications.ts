import { z } from "zod";
import { messageStatusSchema } from "./messages.ts";

/** What a notification says about the answer at the end of a chat. */
export const noticeOutput = z.object({
  /** The chat's title. */
  title: z.string(),
  /** The first words of the answer without Markdown, or a sentence when there are none. */
  text: z.string(),
  status: messageStatusSchema,
  /** The turn that wrote the answer; null for an answer that came from a file. */
  streamId: z.string().nullable(),
});
export type NoticeOutput = z.infer<typeof noticeOutput>;

/** A push message, which the service worker of the web app reads. */
export interface NoticePayload {
  readonly chatId: string;
  readonly streamId: string;
  readonly title: string;
  readonly text: string;
}

/** What this site can do for notifications. */
export const notificationSettingsOutput = z.object({
  /** The public key with which a browser subscribes; null when the operator has set none. */
  pushKey: z.string().nullable(),
});

/** A browser's `PushSubscription` as JSON, without its expiry. Binary values are base64url. */
export const pushSubscribeInput = z.object({
  endpoint: z.url({ protocol: /^https$/ }).max(1_000),
  keys: z.object({
    /** 65 bytes. */
    p256dh: z.string().regex(/^[\w-]{87}$/),
    /** 16 bytes. */
    auth: z.string().regex(/^[\w-]{22}$/),
  }),
});
export type PushSubscribeInput = z.infer<typeof pushSubscribeInput>;
