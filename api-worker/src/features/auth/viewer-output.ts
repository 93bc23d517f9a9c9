import type { ViewerOutput } from "../../contracts/auth.ts";
import type { Viewer } from "../../viewer.ts";

/** The viewer as clients see it. */
export function toViewerOutput(
  user: Pick<Viewer, "userId" | "email" | "name" | "role" | "isGuest">,
): ViewerOutput {
  const { userId: id, email, name, role, isGuest } = user;
  return { id, email, name, role, isGuest };
}
