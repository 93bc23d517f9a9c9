/** An owner with everything that another user could try to reach, and the owner's view of it. */
import { newId } from "../src/platform/ids.ts";
import { type Caller, callerAs } from "./callers.ts";
import { createChat, createMessage, createUser } from "./factories.ts";
import { upload } from "./files.ts";

/** Ids of the owner's data, or ids that do not exist. */
export interface OwnersIds {
  readonly chatId: string;
  readonly answerId: string;
  readonly streamId: string;
  readonly sessionId: string;
  readonly tokenId: string;
  readonly uploadId: string;
  readonly documentId: string;
}

/** An owner with everything that another user could try to reach. */
export async function ownersThings() {
  const user = await createUser();
  const [owner, otherBrowser] = [await callerAs(user), await callerAs(user)];
  const [sessionId = ""] = (otherBrowser.cookies.get("__Host-session") ?? "").split(".");
  const chat = await createChat(user, { title: "The owner's" });
  const question = await createMessage(user, chat);
  const streamId = newId();
  const answer = await createMessage(user, chat, {
    role: "assistant",
    parentId: question.id,
    streamId,
  });
  const { id: tokenId } = await owner.api.account.tokens.create.mutate({
    name: "the owner's program",
    scopes: ["chats:read"],
    expiresInDays: null,
  });
  const { id: uploadId } = await upload(owner, "the owner's file");
  const { id: documentId } = await owner.api.documents.create.mutate({
    key: newId(),
    ...{ kind: "text", title: "The owner's", content: "Theirs" },
  });
  const ids: OwnersIds = {
    ...{ chatId: chat.id, answerId: answer.id, streamId },
    ...{ sessionId, tokenId, uploadId, documentId },
  };
  return { ids, owner };
}

/** The owner's view of the data, in one request. */
export async function ownersView({ lines }: Caller, { chatId }: OwnersIds) {
  const [{ items: chats }, { items: messages }, sessions, tokens, uploads, { items: documents }] =
    await Promise.all([
      lines.chats.list.query({}),
      lines.messages.list.query({ chatId }),
      lines.auth.sessions.list.query(),
      lines.account.tokens.list.query(),
      lines.uploads.list.query({}),
      lines.documents.list.query({}),
    ]);
  return {
    title: chats[0]?.title,
    messageCount: messages.length,
    sessionCount: sessions.items.length,
    tokenCount: tokens.items.length,
    uploadCount: uploads.items.length,
    documents: documents.map(({ title, version }) => `${title}, version ${version}`),
  };
}
