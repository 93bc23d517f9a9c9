import type { Context } from "./context.ts";
import { systemClock } from "./platform/clock.ts";

/** After this long, identifying the viewer does not count any more. */
const identifiedForMs = 250;

/**
 * Checks that the viewer's session or token is still good, after a body that took a while to arrive:
 * a request that is sent slowly must not act for a session that has ended meanwhile.
 *
 * @throws AppError UNAUTHENTICATED
 */
export async function confirmViewer({
  viewer,
  identifiedAt,
  confirmCredential,
}: Pick<Context, "viewer" | "identifiedAt" | "confirmCredential">): Promise<void> {
  if (viewer && systemClock() - identifiedAt > identifiedForMs) {
    await confirmCredential(viewer.credential);
  }
}
