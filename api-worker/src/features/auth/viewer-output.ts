import { domainToUnicode } from "node:url";
import type { ViewerOutput } from "../../contracts/auth.ts";
import type { Viewer } from "../../viewer.ts";

/** The viewer as clients see it. */
export function toViewerOutput(
  user: Pick<Viewer, "userId" | "email" | "name" | "role" | "isGuest">,
): ViewerOutput {
  const { userId: id, email, name, role, isGuest } = user;
  return { id, email: email && readableEmail(email), name, role, isGuest };
}

/** An address in canonical form with its domain in the letters of its own script. */
function readableEmail(email: string): string {
  const at = email.lastIndexOf("@");
  return `${email.slice(0, at)}@${domainToUnicode(email.slice(at + 1))}`;
}
