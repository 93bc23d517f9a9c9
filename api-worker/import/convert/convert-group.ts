/** Converts groups of the source to rows of the target. Nothing here reads or writes anything. */
import type { ConvertedGroup, FileReference, RawGroup } from "../model.ts";
import { convertChat, filesOfChat } from "./chats/chats.ts";
import type { ConvertContext, Outcomes } from "./context.ts";
import { convertDocument, filesOfDocument } from "./documents/documents.ts";
import { convertLegacy } from "./legacy.ts";
import { convertUser } from "./users.ts";

/**
 * Lists the files that a group needs before it is converted, each address once.
 *
 * @returns addresses of the source, and what is too large for a row (`content`)
 */
export function collectFiles(group: RawGroup, context: ConvertContext): FileReference[] {
  const files =
    group.kind === "chat"
      ? filesOfChat(group, context)
      : group.kind === "document"
        ? filesOfDocument(group, context)
        : [];
  return [...new Map(files.map((file) => [file.url, file])).values()];
}

/**
 * Converts a group. The same group and outcomes have always the same rows.
 *
 * @param outcomes of the files of {@link collectFiles}, by address; a file without one counts as
 *   failed
 */
export function convertGroup(
  group: RawGroup,
  context: ConvertContext,
  outcomes: Outcomes,
): ConvertedGroup {
  switch (group.kind) {
    case "user":
      return convertUser(group, context);
    case "chat":
      return convertChat(group, context, outcomes);
    case "document":
      return convertDocument(group, context, outcomes);
    case "legacy":
      return convertLegacy(group);
  }
}
