/** This browser's subscription to pushed notifications. */
import { api } from "../../lib/trpc.ts";

/**
 * Subscribes this browser at its push service, and tells the worker. Keeps a subscription that it
 * has, so this may be called again.
 *
 * @returns false when the operator has set no keys, or the browser has no push service
 * @throws when the worker or the push service cannot be reached, or refuses
 */
export async function subscribeToPush(registration: ServiceWorkerRegistration): Promise<boolean> {
  const { pushKey } = await api.notifications.settings.query();
  // Some browsers have notifications, but no push service.
  if (pushKey === null || !registration.pushManager) return false;
  const subscription = await subscribeWith(registration.pushManager, pushKey);
  const { endpoint, keys = {} } = subscription.toJSON();
  const { p256dh = "", auth = "" } = keys;
  await api.notifications.subscribe.mutate({ endpoint: endpoint ?? "", keys: { p256dh, auth } });
  return true;
}

async function subscribeWith(pushManager: PushManager, pushKey: string): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: pushKey };
  try {
    return await pushManager.subscribe(options);
  } catch (error) {
    const old = await pushManager.getSubscription();
    if (!old) throw error;
    // The operator has other keys now.
    await old.unsubscribe();
    return pushManager.subscribe(options);
  }
}
