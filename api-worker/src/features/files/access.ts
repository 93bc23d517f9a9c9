import type { Viewer } from "../../viewer.ts";

/** The facts that decide who may read a file. */
export interface FileFactsForAccess {
  readonly ownerId: string;
  /** Whether a chat that anybody can read shows it now. */
  readonly isShownInPublic: boolean;
}

/** "audited": as an administrator, which is written down first. */
export type FileVerdict = "allowed" | "audited" | "none";

/**
 * Who may read the bytes of a file. A program reads what its user may read, with the scope for
 * reading chats, and is never an administrator.
 */
export function fileAccess(
  viewer: Pick<Viewer, "userId" | "role" | "scopes"> | null,
  { ownerId, isShownInPublic }: FileFactsForAccess,
): FileVerdict {
  if (isShownInPublic) return "allowed";
  if (!viewer || (viewer.scopes && !viewer.scopes.includes("chats:read"))) return "none";
  if (viewer.userId === ownerId) return "allowed";
  return viewer.role === "admin" && viewer.scopes === null ? "audited" : "none";
}
