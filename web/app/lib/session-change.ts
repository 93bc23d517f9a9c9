/** What becomes of a page when its session has ended, or when another user has logged in. */
import type { ViewerOutput } from "api-worker/contracts/auth";
import { readError } from "./error-text.ts";
import { loginPath } from "./next-path.ts";
import { Store } from "./store.ts";

/** The user who is logged in now, when it is not the one whom this page shows. Browser only. */
export const otherViewer = new Store<ViewerOutput | null>(null);

/** Whether an error says that the page does not belong to the session of its browser. */
export function isSessionError(error: unknown): boolean {
  const { errorCode } = readError(error);
  return errorCode === "UNAUTHENTICATED" || errorCode === "OTHER_VIEWER";
}

/** Who made a request: the user with a click or a key, or the page by itself. */
export type Asker = "user" | "page";

/** Looks who is logged in now after an error that says so, and ignores other errors. */
export function noteSessionError(error: unknown, asker: Asker): void {
  if (isSessionError(error)) void checkSession(asker);
}

let checking: Promise<void> | null = null;
let isAskedByUser = false;
/** The other user beside whom the user has chosen to stay on this page. */
let ignoredId: string | null = null;

/** Closes the notice of {@link otherViewer}. Only what the user does in this page brings it back. */
export function stayOnPage(): void {
  ignoredId = otherViewer.value?.id ?? null;
  otherViewer.set(null);
}

/**
 * Asks who is logged in in this browser. When no user is, the page goes to the login page, which
 * returns here afterwards; when another user is, {@link otherViewer} tells the page. Does nothing
 * when the server cannot be reached.
 *
 * @param asker who made the request that gave the reason to ask
 */
export function checkSession(asker: Asker): Promise<void> {
  if (typeof document === "undefined" || isLeaving()) return Promise.resolve();
  isAskedByUser ||= asker === "user";
  checking ??= look().finally(() => {
    checking = null;
    isAskedByUser = false;
  });
  return checking;
}

let shown: ViewerOutput | null = null;

/** Notes whom this page shows. Until then its user is unknown. Called once for a document. */
export function followSession(viewer: ViewerOutput): void {
  shown = viewer;
  ignoredId = null;
  addEventListener("submit", noteSubmit, true);
}

/** Forms that end the session or start another one. A new document follows. */
const sessionForms = /^\/(login|signup|logout|guest)$/;
/** How long the new document may take, in ms. After a refused login there is none. */
const leaveMaxMs = 10_000;
let leavingSinceMs = Number.NEGATIVE_INFINITY;

/**
 * Whether the user is changing the session in this page. Its connections end then, and neither they
 * nor the page must react: that would interrupt the way to the next document.
 */
export function isLeaving(): boolean {
  return Date.now() - leavingSinceMs < leaveMaxMs;
}

/** Notes that the user ends the session in this page, or that this has failed. */
export function noteLeaving(hasFailed = false): void {
  leavingSinceMs = hasFailed ? Number.NEGATIVE_INFINITY : Date.now();
}

function noteSubmit({ target }: Event): void {
  const { action } = target as HTMLFormElement;
  if (sessionForms.test(new URL(action, location.href).pathname)) noteLeaving();
}

async function look(): Promise<void> {
  if (!shown) return leave();
  const viewer = await fetchViewer().catch(() => undefined);
  if (viewer === undefined || isLeaving()) return;
  if (viewer === null) leave();
  else if (viewer.id === shown.id) otherViewer.set(null);
  else if (isAskedByUser || viewer.id !== ignoredId) otherViewer.set(viewer);
}

/** The request does not name the page's user, so that it is not refused. */
async function fetchViewer(): Promise<ViewerOutput | null> {
  const response = await fetch("/trpc/auth.me");
  const { result } = (await response.json()) as { result: { data: ViewerOutput | null } };
  return result.data;
}

function leave(): void {
  location.assign(loginPath(new URL(location.href)));
}
