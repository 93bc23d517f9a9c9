/** The documents that the tools of a turn can reach: those of its chat. */
import type { ContentDb } from "db";
import type { DocumentPorts } from "../../../../ai/tools/documents/ports.ts";
import { ToolFailure } from "../../../../ai/tools/tool-failure.ts";
import { uploadIdOf } from "../../../../contracts/uploads.ts";
import type { Logger } from "../../../../platform/log.ts";
import {
  listChatDocuments,
  readChatDocument,
} from "../../../documents/model/read-chat-documents.ts";
import { storePicture } from "../../../documents/model/store-picture.ts";
import { writeSuggestions } from "../../../documents/model/write-suggestions.ts";
import {
  type DocumentChat,
  type WritingAnswer,
  writeVersion,
} from "../../../documents/model/write-version.ts";
import { createFileSource } from "../../../uploads/model/file-source.ts";
import { inPresentChat } from "../../turn/carried-chats.ts";
import { findOwnerLimits } from "../recover/owner-limits.ts";
import type { NewTurn } from "../turn-store.ts";

/**
 * Binds the documents' ports to a turn. A chat that moves from a guest to an account meanwhile is
 * found under its new owner.
 *
 * @param env where the owner's limits are read
 * @param content the database of the turn's owner
 */
export function createDocumentPorts(
  env: Env,
  content: ContentDb,
  turn: NewTurn,
  log: Logger,
): DocumentPorts {
  const inChat = <Result>(run: (chat: DocumentChat & WritingAnswer) => Promise<Result | null>) =>
    inPresentChat(content, turn, run);
  return {
    async list() {
      const found = await inChat(async (chat) => {
        const documents = await listChatDocuments(content, chat);
        return documents.length === 0 ? null : documents;
      });
      return found ?? [];
    },
    read: (documentId) => inChat((chat) => readChatDocument(content, chat, documentId)),
    async write(write) {
      // What the model writes itself is part of the answer's length, which has its room already. An
      // edit makes a new version of any length.
      const limits = write.onlyOnBase ? await findOwnerLimits(env, turn) : null;
      if (write.onlyOnBase && limits === null) {
        throw new ToolFailure("The document can’t be changed any more.");
      }
      const storage = limits?.storage ?? null;
      return await inChat((chat) => writeVersion(content, chat, chat, write, storage));
    },
    async suggest(suggestions) {
      const limits = await findOwnerLimits(env, turn);
      if (limits === null) throw new ToolFailure("The document can’t be changed any more.");
      return await inChat((chat) =>
        writeSuggestions(content, chat, chat, suggestions, limits.storage),
      );
    },
    async storePicture(picture, title) {
      const limits = await findOwnerLimits(env, turn);
      if (limits === null) throw new ToolFailure("The picture can’t be stored any more.");
      const { userId, chatId } = turn;
      return await storePicture({ env, content, log, userId, limits }, chatId, picture, title);
    },
    async readPicture(url) {
      const id = uploadIdOf(url) ?? "";
      const files = createFileSource(env, content, turn.userId);
      const file = (await files.find([id])).get(id);
      return file ? await files.bytes(file) : null;
    },
  };
}
