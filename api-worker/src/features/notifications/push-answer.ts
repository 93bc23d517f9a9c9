/** Pushes notices about answers to browsers, while no page of the user is visible. */
import { buildPushPayload, type PushMessage } from "@block65/webcrypto-web-push";
import { createHomeDb, type HomeDb, type MessageStatus, type PushSubscriptionRow } from "db";
import type { NoticePayload } from "../../contracts/notifications.ts";
import { systemClock } from "../../platform/clock.ts";
import { contentFor } from "../../platform/content.ts";
import { delay } from "../../platform/delay.ts";
import type { Logger } from "../../platform/log.ts";
import { servicesOf } from "../../platform/outbound.ts";
import { sha256Hex } from "../../platform/sha256.ts";
import { userObject } from "../../platform/user-object.ts";
import { noticeOf } from "./notice-text.ts";
import { dropSubscription, findTitle, listSubscriptions } from "./queries.ts";

/** A push service keeps a message for a browser that is off, for this long. */
const ttlSeconds = 24 * 60 * 60;
const maxTries = 3;
const retryBaseMs = 1_000;
/** A push service may ask for longer; that is too late for a notice. */
const retryMaxMs = 10_000;
const responseMaxMs = 10_000;

/** An answer that has just ended. */
export interface EndedAnswer {
  readonly userId: string;
  readonly chatId: string;
  readonly contentShard: number;
  readonly turnId: string;
  readonly status: MessageStatus;
  /** JSON, as it is stored. */
  readonly parts: string;
}

type PushService = NonNullable<ReturnType<typeof servicesOf>["push"]>;

/**
 * Pushes a notice about an answer to all browsers of its owner, unless a page of the owner is
 * visible or the owner has stopped the answer. Takes up to a minute when a push service is slow.
 * Never throws: without its notice, an answer is still there.
 */
export async function pushAnswer(env: Env, log: Logger, answer: EndedAnswer): Promise<void> {
  const { push } = servicesOf(env);
  if (!push || answer.status === "stopped") return;
  try {
    const home = createHomeDb(env.HOME);
    const { userId, chatId } = answer;
    const subscriptions = await listSubscriptions(home, { userId, now: systemClock() });
    if (subscriptions.length === 0) return;
    if (await userObject(env, userId).hasVisiblePage()) return;
    const title = await findTitle(contentFor(env, answer), { userId, chatId });
    if (title === undefined) return;
    const message = messageOf(answer, title);
    await Promise.all(
      subscriptions.map((subscription) => sendTo(subscription, message, { push, home, log })),
    );
  } catch (error) {
    log.error("notifications.push_failed", error, { turnId: answer.turnId });
  }
}

function messageOf({ chatId, turnId, status, parts }: EndedAnswer, title: string): PushMessage {
  const notice = noticeOf({ title, status, parts });
  const data: NoticePayload = { chatId, streamId: turnId, ...notice };
  // A push service replaces a message that waits by a later one with the same topic.
  return { data: { ...data }, options: { ttl: ttlSeconds, topic: sha256Hex(chatId).slice(0, 32) } };
}

interface SendDeps {
  readonly push: PushService;
  readonly home: HomeDb;
  readonly log: Logger;
}

/** Sends a message to one browser. A subscription that is gone is deleted. */
async function sendTo(
  subscription: PushSubscriptionRow,
  message: PushMessage,
  { push, home, log }: SendDeps,
): Promise<void> {
  const service = new URL(subscription.endpoint).hostname;
  for (let tries = 1; ; tries++) {
    const outcome = await post(subscription, message, push).catch((error: unknown) => ({
      status: 0,
      error: String(error),
      retryAfterMs: null,
    }));
    const { status, retryAfterMs } = outcome;
    if (status >= 200 && status < 300) return;
    if (status === 404 || status === 410) {
      await dropSubscription(home, subscription).then(
        () => log.info("notifications.subscription_dropped", { service, status }),
        (error: unknown) => log.error("notifications.drop_failed", error, { service }),
      );
      return;
    }
    const mayWork = status === 0 || status === 429 || status >= 500;
    if (!mayWork || tries === maxTries) {
      log.warn("notifications.push_refused", { service, tries, ...outcome });
      return;
    }
    await delay(Math.min(retryAfterMs ?? retryBaseMs * 4 ** (tries - 1), retryMaxMs));
  }
}

async function post(
  { endpoint, p256dh, auth }: PushSubscriptionRow,
  message: PushMessage,
  push: PushService,
) {
  const { method, headers, body } = await buildPushPayload(
    message,
    { endpoint, expirationTime: null, keys: { p256dh, auth } },
    push,
  );
  const signal = AbortSignal.timeout(responseMaxMs);
  const init = { method, headers: { ...headers }, body: Uint8Array.from(body), signal };
  const response = await push.fetch(endpoint, init);
  await response.body?.cancel();
  const retryAfter = Number(response.headers.get("retry-after"));
  return {
    status: response.status,
    retryAfterMs: retryAfter > 0 ? retryAfter * 1_000 : null,
  };
}
