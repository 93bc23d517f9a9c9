import type { UserContext } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { openUserSocket } from "../../platform/user-object.ts";

/**
 * Copies content while no other import or fork of the viewer runs; see `limits/copy-line.ts`.
 *
 * @param bytes that are copied, which count against the viewer's minute
 * @throws AppError CONFLICT when another one takes too long; RATE_LIMITED when too many bytes were
 *   copied within the last minute; what `copy` throws
 */
export async function inCopyLine<T>(
  { env, viewer }: UserContext,
  bytes: number,
  copy: () => Promise<T>,
): Promise<T> {
  const response = await openUserSocket(env, viewer.userId, "copy", viewer.credential, bytes);
  const socket = response.webSocket;
  if (response.status === 429) {
    const retryAfterSeconds = Number(response.headers.get("retry-after"));
    const sentence = "You’ve imported and copied a lot within a minute. Wait, then try again.";
    throw new AppError("RATE_LIMITED", sentence, { retryAfterSeconds });
  }
  if (!socket) {
    throw new AppError(
      "CONFLICT",
      "Another import or copy of yours is still running. Wait for it to finish, then try again.",
    );
  }
  socket.accept();
  try {
    return await copy();
  } finally {
    socket.close(1000);
  }
}
