/** Turns notifications on and off in this browser. */
import { Store } from "../../lib/store.ts";
import { api } from "../../lib/trpc.ts";
import { type NotificationChoice, readChoice, writeChoice } from "./choice.ts";
import { workerPath } from "./notify.ts";
import { subscribeToPush } from "./push-subscription.ts";

/** Counts changes of the choice in this document, for rendering. */
export const choiceChanges = new Store(0);

/** Presses of the user in this document, and those whose work is under way. */
const presses = { count: 0, running: 0 };

/** Does the work of a press, which {@link renewNotifications} must not undo. */
async function press<T>(work: () => Promise<T>): Promise<T> {
  presses.count += 1;
  presses.running += 1;
  try {
    return await work();
  } finally {
    presses.running -= 1;
  }
}

/**
 * Asks for the permission, registers the service worker, and subscribes to pushed notifications if
 * that is possible. Called at a press, because browsers refuse to ask at other times.
 *
 * @returns whether notifications are on now
 * @throws when the service worker cannot be registered
 */
export function turnOn(): Promise<boolean> {
  return press(async () => {
    if ((await Notification.requestPermission()) !== "granted") return false;
    const registration = await register();
    const hasPush = await subscribeToPush(registration).catch(() => false);
    choose(hasPush ? "push" : "page");
    return true;
  });
}

/**
 * Forgets the choice, ends the subscription, and unregisters the service worker.
 *
 * @throws when the worker cannot be told; its next message finds the subscription gone
 */
export function turnOff(): Promise<void> {
  return press(forget);
}

async function forget(): Promise<void> {
  const hasPush = readChoice() === "push";
  choose(null);
  const registration = await navigator.serviceWorker.getRegistration(workerPath);
  // Ends the subscription, too.
  await registration?.unregister();
  if (hasPush) await api.notifications.unsubscribe.mutate();
}

/**
 * Renews what the user has turned on in this browser: the session may be another one since. Turns
 * off what another user has left here. Called once for a document.
 *
 * @throws when the worker or the push service cannot be reached. The choice stays then: the worker
 *   may still have the subscription, and a page that notified beside it would alert twice
 */
export async function renewNotifications(): Promise<void> {
  const { count } = presses;
  if (readChoice() === null) return presses.running > 0 ? undefined : forget();
  if (Notification.permission !== "granted") return;
  const registration = await register();
  const hasPush = await subscribeToPush(registration);
  if (presses.count === count) choose(hasPush ? "push" : "page");
  // The user has turned notifications off meanwhile, maybe before the service worker was there.
  else if (readChoice() === null && presses.running === 0) await registration.unregister();
}

async function register(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register(workerPath);
  return navigator.serviceWorker.ready;
}

function choose(choice: NotificationChoice): void {
  if (readChoice() === choice) return;
  writeChoice(choice);
  choiceChanges.set(choiceChanges.value + 1);
}
