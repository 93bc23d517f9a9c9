import type { Viewer } from "../../viewer.ts";

/** The facts that decide access to a file. */
export interface FileFactsForAccess {
  readonly ownerId: string;
  /** Whether a public chat shows it now. */
  readonly isShownInPublic: boolean;
  /** Whether the operator lets administrators read what is not theirs. */
  readonly canAdminsRead: boolean;
}

/** "audited": an administrator may read it, after the read is written to the audit log. */
export type FileVerdict = "allowed" | "audited" | "none";

/**
 * Decides who may read the bytes of a file. A program reads what its user may read, if it has the
 * scope for reading chats, and never has an administrator's rights.
 */
export function fileAccess(
  viewer: Pick<Viewer, "userId" | "role" | "scopes"> | null,
  { ownerId, isShownInPublic, canAdminsRead }: FileFactsForAccess,
): FileVerdict {
  if (isShownInPublic) return "allowed";
  if (!viewer || (viewer.scopes && !viewer.scopes.includes("chats:read"))) return "none";
  if (viewer.userId === ownerId) return "allowed";
  const isReadingAdmin = viewer.role === "admin" && viewer.scopes === null && canAdminsRead;
  return isReadingAdmin ? "audited" : "none";
}
