import { createHash } from "node:crypto";
import type { GroupKey } from "../model.ts";
import type { ConvertContext } from "./context.ts";
import { documentKey } from "./documents/links.ts";
import { keptId } from "./ids.ts";

/**
 * A digest of all that a group's rows are made of besides the rows of the source: an address that
 * another account has or gives up, versions of documents that its calls have made, the chat that a
 * document belongs to. A group has to be converted again when its rows or this have changed.
 *
 * @returns hex; "" for a group that depends on no other
 */
export function contextDigest(key: GroupKey, context: ConvertContext): string {
  const known = knownOf(key, context);
  if (known === undefined) return "";
  return createHash("sha256").update(JSON.stringify(known)).digest("hex").slice(0, 32);
}

function knownOf({ kind, id }: GroupKey, { emails, links }: ConvertContext): unknown {
  switch (kind) {
    case "user":
      return emails.get(id);
    case "chat":
      return links.byChat.get(keptId(id, "chat"));
    case "document":
      return links.ownersOf
        .get(id)
        ?.map((userId) => links.byDocument.get(documentKey(userId, id)))
        .map((origin) => origin && [origin.chatId, [...origin.messageIds]]);
    case "legacy":
      return undefined;
  }
}
