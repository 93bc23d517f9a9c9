/** The documents that the tools of a turn can reach: those of its chat. */
import type { ContentDb } from "db";
import type { DocumentPorts } from "../../../../ai/tools/documents/ports.ts";
import { ToolFailure } from "../../../../ai/tools/tool-failure.ts";
import { documentKindSchema } from "../../../../contracts/documents.ts";
import {
  type DocumentChat,
  listChatDocumentsQuery,
  readChatDocumentQuery,
} from "../../../documents/model/queries.ts";
import { writeVersion } from "../../../documents/model/write-version.ts";
import { findCarriedChat } from "../../turn/carried-chats.ts";
import { findOwnerLimits } from "../recover/owner-limits.ts";
import type { NewTurn } from "../turn-store.ts";

const listMax = 30;

/**
 * Binds the documents' ports to a turn. A chat that moves from a guest to an account meanwhile is
 * found under its new owner.
 *
 * @param env where the owner's limits are read
 * @param content the database of the turn's owner
 */
export function createDocumentPorts(env: Env, content: ContentDb, turn: NewTurn): DocumentPorts {
  /** The first result that is not empty: for the turn's chat, or for the chat that it became. */
  async function inChat<Result>(
    run: (chat: DocumentChat) => Promise<Result | null>,
  ): Promise<Result | null> {
    const found = await run(turn);
    if (found !== null) return found;
    const carried = await findCarriedChat(content, turn);
    return carried ? await run(carried) : null;
  }
  return {
    async list() {
      const rows = await inChat(async (chat) => {
        const found = await listChatDocumentsQuery(content, chat, listMax).execute();
        return found.length === 0 ? null : found;
      });
      return (rows ?? []).map((row) => ({ ...row, kind: documentKindSchema.parse(row.kind) }));
    },
    async read(documentId) {
      const row = await inChat(
        async (chat) =>
          (await readChatDocumentQuery(content, chat, documentId).executeTakeFirst()) ?? null,
      );
      return row && { ...row, kind: documentKindSchema.parse(row.kind) };
    },
    async write(write) {
      // What the model writes itself is part of the answer's length, which has its room already. An
      // edit makes a new version of any length.
      const limits = write.onlyOnBase ? await findOwnerLimits(env, turn) : null;
      if (write.onlyOnBase && limits === null) {
        throw new ToolFailure("The document can’t be changed any more.");
      }
      const storage = limits?.storage ?? null;
      return await inChat((chat) => writeVersion(content, chat, turn, write, storage));
    },
  };
}
