import { expect, test } from "vitest";
import { anonymous, type CallerKind, callerAs, callerFor, callerKinds } from "../test/callers.ts";
import type { TestClient } from "../test/client.ts";
import { createChat, createMessage, createUser } from "../test/factories.ts";
import { bytesOf, upload, uploadForm } from "../test/files.ts";
import { browserKeys } from "../test/push.ts";
import { openSubscription, StreamFailure } from "../test/stream.ts";
import type { ErrorData } from "./contracts/errors.ts";
import { newId } from "./platform/ids.ts";
import { appRouter } from "./router.ts";

/** Ids of the owner's data, or ids that do not exist. */
interface Ids {
  readonly chatId: string;
  readonly answerId: string;
  readonly streamId: string;
  readonly sessionId: string;
  readonly tokenId: string;
  readonly uploadId: string;
  readonly documentId: string;
}

type Outcome = "ok" | ErrorData["errorCode"];

/** One way to call a procedure, and the outcome for each kind of caller. */
interface Row {
  /** @param ids of the owner's rows, for every caller */
  readonly input: (ids: Ids) => unknown;
  readonly outcomes: Record<CallerKind, Outcome>;
}

const credentials = () => ({ email: `${newId()}@example.com`, password: "correct horse" });
const nothing = () => undefined;
const chatOf = ({ chatId }: Ids) => ({ chatId });
const documentOf = ({ documentId }: Ids) => ({ documentId });
const message = () => ({ id: newId(), parts: [{ type: "text", text: "hello" }] });

const forAll = (outcome: Outcome): Row["outcomes"] => ({
  anonymous: outcome,
  guest: outcome,
  owner: outcome,
  anotherUser: outcome,
  admin: outcome,
});
const forUsers: Row["outcomes"] = { ...forAll("ok"), anonymous: "UNAUTHENTICATED" };
const forOwner: Row["outcomes"] = {
  ...forAll("NOT_FOUND"),
  anonymous: "UNAUTHENTICATED",
  owner: "ok",
};

const forAccounts: Row["outcomes"] = { ...forUsers, guest: "FORBIDDEN" };
const forOwnerWithAccount: Row["outcomes"] = { ...forOwner, guest: "FORBIDDEN" };

/** Every procedure of the API. A procedure that is missing here fails the first test. */
const matrix: Record<string, readonly [Row, ...Row[]]> = {
  "account.tokens.create": [
    {
      input: () => ({ name: "a program", scopes: ["streams"], expiresInDays: 30 }),
      outcomes: forAccounts,
    },
  ],
  "account.tokens.list": [{ input: nothing, outcomes: forAccounts }],
  "account.tokens.revoke": [
    { input: ({ tokenId }) => ({ tokenId }), outcomes: forOwnerWithAccount },
  ],
  "account.usage": [{ input: () => ({}), outcomes: forUsers }],
  "auth.signUp": [{ input: credentials, outcomes: forAll("ok") }],
  "auth.logIn": [{ input: credentials, outcomes: forAll("UNAUTHENTICATED") }],
  "auth.startGuest": [{ input: nothing, outcomes: forAll("ok") }],
  "auth.startCheckedGuest": [{ input: () => ({ turnstileToken: "a" }), outcomes: forAll("ok") }],
  "auth.options": [{ input: nothing, outcomes: forAll("ok") }],
  "auth.logOut": [{ input: nothing, outcomes: forAll("ok") }],
  "auth.me": [{ input: nothing, outcomes: forAll("ok") }],
  "auth.changePassword": [
    {
      input: () => ({ currentPassword: "not my password", newPassword: "another horse" }),
      outcomes: { ...forAll("INVALID"), anonymous: "UNAUTHENTICATED", guest: "FORBIDDEN" },
    },
  ],
  "auth.sessions.list": [{ input: nothing, outcomes: forUsers }],
  "auth.sessions.revoke": [{ input: ({ sessionId }) => ({ sessionId }), outcomes: forOwner }],
  "auth.sessions.revokeOthers": [{ input: nothing, outcomes: forAccounts }],
  "auth.sessions.revokeAll": [{ input: nothing, outcomes: forAccounts }],
  "chats.list": [{ input: () => ({}), outcomes: forUsers }],
  "chats.get": [{ input: chatOf, outcomes: forOwner }],
  "chats.rename": [{ input: ({ chatId }) => ({ chatId, title: "Mine" }), outcomes: forOwner }],
  "chats.export": [
    { input: ({ chatId }) => ({ chatId, format: "json" }), outcomes: forOwner },
    { input: () => ({ format: "markdown" }), outcomes: forUsers },
  ],
  "chats.fork": [{ input: chatOf, outcomes: forOwner }],
  "chats.import": [
    {
      input: () => ({ data: { format: "alleato-chat", version: 1, chats: [] } }),
      outcomes: forUsers,
    },
  ],
  "chats.pin": [{ input: ({ chatId }) => ({ chatId, pinned: true }), outcomes: forOwner }],
  "chats.search": [{ input: () => ({ query: "hello" }), outcomes: forUsers }],
  "chats.setVisibility": [
    { input: ({ chatId }) => ({ chatId, visibility: "public" }), outcomes: forOwner },
  ],
  "chats.delete": [{ input: chatOf, outcomes: forOwner }],
  "chats.deleteAll": [{ input: nothing, outcomes: forUsers }],
  "chats.watch": [
    { input: nothing, outcomes: forUsers },
    { input: () => ({ isHidden: true }), outcomes: forUsers },
  ],
  "documents.list": [{ input: () => ({}), outcomes: forUsers }],
  "documents.get": [{ input: documentOf, outcomes: forOwner }],
  "documents.versions": [{ input: documentOf, outcomes: forOwner }],
  "documents.create": [
    {
      input: () => ({ key: newId(), kind: "text", title: "Mine", content: "" }),
      outcomes: forUsers,
    },
  ],
  "documents.rename": [
    { input: (ids) => ({ ...documentOf(ids), title: "Mine" }), outcomes: forOwner },
  ],
  "documents.getShown": [
    {
      input: ({ chatId, documentId }) => ({ chatId, documentId, version: 1 }),
      // The document is not of this chat. `shown-document.security.test.ts` has those that are.
      outcomes: { ...forOwner, owner: "NOT_FOUND" },
    },
  ],
  "documents.save": [
    {
      input: (ids) => ({ ...documentOf(ids), content: "Mine", baseVersion: 1, saveId: newId() }),
      outcomes: forOwner,
    },
  ],
  "documents.restore": [
    { input: (ids) => ({ ...documentOf(ids), version: 1 }), outcomes: forOwner },
  ],
  "documents.suggestions.list": [{ input: documentOf, outcomes: forOwner }],
  "documents.suggestions.resolve": [
    {
      input: (ids) => ({ ...documentOf(ids), suggestionIds: [newId()], state: "accepted" }),
      outcomes: forOwner,
    },
  ],
  "documents.delete": [{ input: documentOf, outcomes: forOwner }],
  "messages.list": [{ input: chatOf, outcomes: forOwner }],
  "messages.send": [
    {
      input: ({ chatId, answerId }) => ({ chatId, message: message(), parentId: answerId }),
      outcomes: forOwner,
    },
    // Without a parent it starts a chat of the caller's own: another user's chat id is free for it.
    { input: ({ chatId }) => ({ chatId, message: message() }), outcomes: forUsers },
  ],
  "messages.stream": [
    { input: chatOf, outcomes: forOwner },
    { input: ({ chatId, streamId }) => ({ chatId, streamId }), outcomes: forOwner },
  ],
  "messages.approve": [
    {
      input: ({ chatId, answerId }) => ({
        chatId,
        messageId: answerId,
        approvals: [{ approvalId: "call", isApproved: true }],
      }),
      outcomes: { ...forOwner, owner: "INVALID" },
    },
  ],
  "messages.continue": [
    {
      input: ({ chatId, answerId }) => ({ chatId, messageId: answerId }),
      outcomes: { ...forOwner, owner: "INVALID" },
    },
  ],
  "messages.regenerate": [
    { input: ({ chatId, answerId }) => ({ chatId, messageId: answerId }), outcomes: forOwner },
  ],
  "messages.selectBranch": [
    { input: ({ chatId, answerId }) => ({ chatId, messageId: answerId }), outcomes: forOwner },
  ],
  "messages.stop": [
    { input: ({ chatId, streamId }) => ({ chatId, streamId }), outcomes: forOwner },
  ],
  "notifications.notice": [{ input: chatOf, outcomes: forOwner }],
  "notifications.settings": [{ input: nothing, outcomes: forUsers }],
  "notifications.subscribe": [
    {
      input: () => ({
        endpoint: `https://fcm.googleapis.com/fcm/send/${newId()}`,
        keys: browserKeys,
      }),
      outcomes: forUsers,
    },
  ],
  "notifications.unsubscribe": [{ input: nothing, outcomes: forUsers }],
  "uploads.create": [{ input: () => uploadForm(bytesOf(newId())), outcomes: forUsers }],
  "uploads.list": [{ input: () => ({}), outcomes: forUsers }],
  "uploads.limits": [{ input: nothing, outcomes: forUsers }],
  "uploads.delete": [
    { input: ({ uploadId }) => ({ uploadId }), outcomes: forOwner },
    { input: ({ uploadId }) => ({ uploadId, onlyIfUnused: true }), outcomes: forOwner },
  ],
  "votes.set": [
    { input: ({ answerId }) => ({ messageId: answerId, vote: "up" }), outcomes: forOwner },
  ],
  "votes.list": [{ input: chatOf, outcomes: forOwner }],
  "models.list": [{ input: nothing, outcomes: forUsers }],
};

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: "query" | "mutation" | "subscription" } }
>;

test("every procedure has its rows here", () => {
  expect(Object.keys(matrix).sort()).toEqual(Object.keys(procedures).sort());
});

const cells = Object.entries(matrix).flatMap(([path, rows]) =>
  rows.flatMap((row, index) =>
    callerKinds.map((kind) => ({ path, row, kind, way: index + 1, outcome: row.outcomes[kind] })),
  ),
);

test.each(cells)("$path, way $way, by $kind: $outcome", async ({ path, row, kind, outcome }) => {
  const { ids, owner } = await ownersThings();
  const caller =
    kind === "owner" ? owner : kind === "anonymous" ? anonymous() : await callerFor(kind);
  const result = await call(caller, path, row.input(ids));
  expect(result.outcome).toBe(outcome);

  if (kind === "owner") return;
  const absent = {
    chatId: newId(),
    answerId: newId(),
    streamId: newId(),
    sessionId: newId(),
    tokenId: newId(),
    uploadId: newId(),
    documentId: newId(),
  };
  // After this call the caller is logged out.
  const isOver = path === "auth.sessions.revokeAll" && kind !== "anonymous";
  const again = isOver ? await callerFor(kind) : caller;
  const resultForAbsent = await call(again, path, row.input(absent));
  expect(resultForAbsent).toEqual(result);
  expect(await ownersView(owner)).toEqual({
    title: "The owner's",
    messageCount: 2,
    sessionCount: 2,
    tokenCount: 1,
    uploadCount: 1,
    documents: ["The owner's, version 1"],
  });
});

/** An owner with everything that another user could try to reach. */
async function ownersThings() {
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
  const ids: Ids = {
    ...{ chatId: chat.id, answerId: answer.id, streamId },
    ...{ sessionId, tokenId, uploadId, documentId },
  };
  return { ids, owner };
}

/** The owner's view of the data after the call. */
async function ownersView({ api }: TestClient) {
  const [chat] = (await api.chats.list.query({})).items;
  const messages = chat ? await api.messages.list.query({ chatId: chat.id }) : { items: [] };
  const sessions = await api.auth.sessions.list.query();
  const tokens = await api.account.tokens.list.query();
  const { items: documents } = await api.documents.list.query({});
  return {
    title: chat?.title,
    messageCount: messages.items.length,
    sessionCount: sessions.items.length,
    tokenCount: tokens.items.length,
    uploadCount: (await api.uploads.list.query({})).items.length,
    documents: documents.map(({ title, version }) => `${title}, version ${version}`),
  };
}

interface CallResult {
  readonly outcome: Outcome;
  /**
   * Everything that the caller learns from a refusal. Other tests check the content of successes.
   */
  readonly error?: { message: string; data: Omit<ErrorData, "requestId"> };
}

function call(client: TestClient, path: string, input: unknown): Promise<CallResult> {
  return procedures[path]?._def.type === "subscription"
    ? subscribe(client, path, input)
    : request(client, path, input);
}

async function subscribe(client: TestClient, path: string, input: unknown): Promise<CallResult> {
  try {
    const stream = await openSubscription(client, path, input);
    if (path === "chats.watch") {
      // This subscription never ends by itself.
      await stream.next();
      await stream.cancel();
      return { outcome: "ok" };
    }
    await stream.rest();
    expect(stream.endedBy).toBe("return");
    return { outcome: "ok" };
  } catch (error) {
    if (error instanceof StreamFailure) return refusal(error.message, error.data);
    throw error;
  }
}

async function request(client: TestClient, path: string, input: unknown): Promise<CallResult> {
  const isQuery = procedures[path]?._def.type === "query";
  if (input instanceof FormData) {
    const response = await client.fetch(`/trpc/${path}`, { method: "POST", body: input });
    return resultOf(response);
  }
  const body = input === undefined ? "" : JSON.stringify(input);
  const query = isQuery && body ? `?input=${encodeURIComponent(body)}` : "";
  const response = await client.fetch(`/trpc/${path}${query}`, {
    method: isQuery ? "GET" : "POST",
    ...(!isQuery && { body, headers: { "content-type": "application/json" } }),
  });
  const result = await resultOf(response);
  // Reads an answer to its end if the call started one.
  const isStarted = result.outcome === "ok" && path === "messages.send";
  if (isStarted) await subscribe(client, "messages.stream", chatOf(input as Ids));
  return result;
}

async function resultOf(response: Response): Promise<CallResult> {
  const { error } = await response.json<{ error?: { message: string; data: ErrorData } }>();
  if (!error) return { outcome: "ok" };
  expect(response.status).toBe(error.data.httpStatus);
  return refusal(error.message, error.data);
}

function refusal(message: string, { requestId: _, ...data }: ErrorData): CallResult {
  return { outcome: data.errorCode, error: { message, data } };
}
