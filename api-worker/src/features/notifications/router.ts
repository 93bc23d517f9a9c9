import { z } from "zod";
import { chatIdInput } from "../../contracts/chats.ts";
import {
  noticeOutput,
  notificationSettingsOutput,
  pushSubscribeInput,
} from "../../contracts/notifications.ts";
import { ownerOf } from "../../owner-context.ts";
import { settingsOf } from "../../platform/settings.ts";
import { procedure, router } from "../../trpc.ts";
import { readNotice } from "./read-notice.ts";
import { subscribe, unsubscribe } from "./subscriptions.ts";

export const notificationsRouter = router({
  /** What to say about the answer that has just ended in one of the viewer's chats. */
  notice: procedure.user
    .input(chatIdInput)
    .output(noticeOutput)
    .query(({ ctx, input }) => readNotice(ownerOf(ctx), input)),
  /** The key with which a browser subscribes; null where the operator has set none. */
  settings: procedure.user
    .output(notificationSettingsOutput)
    .query(({ ctx }) => ({ pushKey: settingsOf(ctx.env).push?.publicKey ?? null })),
  /** Notifies the viewer in this browser also when no page is open. */
  subscribe: procedure.user
    .input(pushSubscribeInput)
    .output(z.null())
    .mutation(({ ctx, input }) => subscribe(ctx, input)),
  unsubscribe: procedure.user.output(z.null()).mutation(({ ctx }) => unsubscribe(ctx)),
});
