import { expect, test } from "vitest";
import { anonymous, type CallerKind, callerFor, callerKinds } from "../test/callers.ts";
import { bytesOf, uploadForm } from "../test/files.ts";
import { type OwnersIds, ownersThings, ownersView } from "../test/owners-things.ts";
import { call, type Outcome, procedures } from "../test/procedures.ts";
import { browserKeys } from "../test/push.ts";
import { newId } from "./platform/ids.ts";

/** One way to call a procedure, and the outcome for each kind of caller. */
interface Row {
  /** @param ids of the owner's rows, for every caller */
  readonly input: (ids: OwnersIds) => unknown;
  readonly outcomes: Record<CallerKind, Outcome>;
}

const credentials = () => ({ email: `${newId()}@example.com`, password: "correct horse" });
const nothing = () => undefined;
const chatOf = ({ chatId }: OwnersIds) => ({ chatId });
/** An id that no user has: what administrators change would show in the owner's view. */
const theirs = ({ chatId }: OwnersIds) => ({ userId: chatId });
const opened = ({ chatId }: OwnersIds) => ({ accessId: chatId });
const documentOf = ({ documentId }: OwnersIds) => ({ documentId });
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
/** Everyone but an administrator is refused, also for what is their own. */
const forAdmins: Row["outcomes"] = {
  ...forAll("FORBIDDEN"),
  anonymous: "UNAUTHENTICATED",
  admin: "ok",
};
/** The user does not exist, also for administrators. */
const forAdminsWithTarget: Row["outcomes"] = { ...forAdmins, admin: "NOT_FOUND" };
const forOwnerWithAccount: Row["outcomes"] = { ...forOwner, guest: "FORBIDDEN" };

/** Every procedure of the API. A procedure that is missing here fails the first test. */
const matrix: Record<string, readonly [Row, ...Row[]]> = {
  "account.inspections": [{ input: () => ({}), outcomes: forUsers }],
  "account.tokens.create": [
    {
      input: () => ({ name: "a program", scopes: ["streams"], expiresInDays: 30 }),
      outcomes: forAccounts,
    },
    {
      input: () => ({ name: "a program", scopes: ["admin:read"], expiresInDays: 30 }),
      outcomes: forAdmins,
    },
  ],
  "account.tokens.list": [{ input: nothing, outcomes: forAccounts }],
  "account.tokens.revoke": [
    { input: ({ tokenId }) => ({ tokenId }), outcomes: forOwnerWithAccount },
  ],
  "account.usage": [{ input: () => ({}), outcomes: forUsers }],
  "admin.audit.list": [{ input: () => ({}), outcomes: forAdmins }],
  "admin.invites.list": [{ input: () => ({}), outcomes: forAdmins }],
  "admin.invites.create": [{ input: () => ({}), outcomes: forAdmins }],
  "admin.invites.revoke": [{ input: () => ({ inviteId: newId() }), outcomes: forAdminsWithTarget }],
  "admin.limits.roles": [{ input: nothing, outcomes: forAdmins }],
  "admin.limits.updateRole": [{ input: () => ({ role: "guest", set: {} }), outcomes: forAdmins }],
  "admin.limits.user": [{ input: theirs, outcomes: forAdminsWithTarget }],
  "admin.limits.updateUser": [
    { input: (ids) => ({ ...theirs(ids), set: {} }), outcomes: forAdminsWithTarget },
  ],
  "admin.settings.get": [{ input: nothing, outcomes: forAdmins }],
  "admin.settings.update": [
    // Of a version that no one has stored, so that the settings stay as they are.
    {
      input: () => ({ version: 1_000_000, settings: {} }),
      outcomes: { ...forAdmins, admin: "CONFLICT" },
    },
  ],
  "admin.settings.models": [{ input: nothing, outcomes: forAdmins }],
  "admin.settings.updateModels": [
    {
      input: () => ({ version: 1_000_000, models: {} }),
      outcomes: { ...forAdmins, admin: "CONFLICT" },
    },
  ],
  "admin.chats.inspect": [{ input: opened, outcomes: forAdminsWithTarget }],
  "admin.chats.list": [{ input: () => ({}), outcomes: forAdmins }],
  "admin.chats.messages": [{ input: opened, outcomes: forAdminsWithTarget }],
  "admin.chats.open": [
    {
      input: (ids) => ({ ...theirs(ids), ...chatOf(ids), reason: "A test" }),
      outcomes: forAdminsWithTarget,
    },
  ],
  "admin.chats.openSearch": [
    {
      input: (ids) => ({ ...theirs(ids), query: "tea", reason: "A test" }),
      outcomes: forAdminsWithTarget,
    },
  ],
  "admin.chats.search": [{ input: opened, outcomes: forAdminsWithTarget }],
  "admin.chats.turnLog": [
    { input: (ids) => ({ ...opened(ids), streamId: ids.streamId }), outcomes: forAdminsWithTarget },
  ],
  "admin.stats.jobs": [{ input: nothing, outcomes: forAdmins }],
  "admin.stats.overview": [{ input: () => ({}), outcomes: forAdmins }],
  "admin.streams.ended": [{ input: () => ({}), outcomes: forAdmins }],
  "admin.streams.live": [{ input: nothing, outcomes: forAdmins }],
  "admin.streams.stop": [
    {
      input: (ids) => ({ ...theirs(ids), chatId: ids.chatId, streamId: ids.streamId }),
      outcomes: forAdminsWithTarget,
    },
  ],
  "admin.users.access": [{ input: theirs, outcomes: forAdminsWithTarget }],
  "admin.users.createResetLink": [{ input: theirs, outcomes: forAdminsWithTarget }],
  "admin.users.delete": [
    { input: (ids) => ({ ...theirs(ids), confirmation: "" }), outcomes: forAdminsWithTarget },
  ],
  "admin.users.disable": [{ input: theirs, outcomes: forAdminsWithTarget }],
  "admin.users.documents": [{ input: theirs, outcomes: forAdminsWithTarget }],
  "admin.users.enable": [{ input: theirs, outcomes: forAdminsWithTarget }],
  "admin.users.endSessions": [{ input: theirs, outcomes: forAdminsWithTarget }],
  "admin.users.files": [{ input: theirs, outcomes: forAdminsWithTarget }],
  "admin.users.get": [{ input: theirs, outcomes: forAdminsWithTarget }],
  "admin.users.list": [{ input: () => ({}), outcomes: forAdmins }],
  "admin.users.setRole": [
    { input: (ids) => ({ ...theirs(ids), role: "user" }), outcomes: forAdminsWithTarget },
  ],
  "admin.users.usage": [{ input: theirs, outcomes: forAdminsWithTarget }],
  "admin.votes.byDay": [{ input: () => ({}), outcomes: forAdmins }],
  "admin.votes.list": [{ input: () => ({}), outcomes: forAdmins }],
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
  "auth.resetPassword": [
    {
      input: () => ({ token: "no link", newPassword: "another horse" }),
      outcomes: forAll("INVALID"),
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

test("every procedure has its rows here", () => {
  expect(Object.keys(matrix).sort()).toEqual(Object.keys(procedures).sort());
});

test("every procedure of administration refuses everyone but administrators", () => {
  const rows = Object.entries(matrix).filter(([path]) => path.startsWith("admin."));
  expect(rows.length).toBeGreaterThan(0);
  for (const { outcomes } of rows.flatMap(([, ways]) => ways)) {
    expect(outcomes).toEqual({ ...forAdmins, admin: outcomes.admin });
  }
});

/** The owner is last, because the callers of a row share the owner that the others must not reach. */
const callersInTurn: readonly CallerKind[] = [
  ...callerKinds.filter((kind) => kind !== "owner"),
  "owner",
];

const cells = Object.entries(matrix).flatMap(([path, rows]) =>
  rows.flatMap((row, index) => {
    const owners = once(ownersThings);
    return callersInTurn.map((kind) => {
      return { path, row, kind, owners, way: index + 1, outcome: row.outcomes[kind] };
    });
  }),
);

/** Makes something at its first use, for all uses. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

test.each(cells)("$path, way $way, by $kind: $outcome", async (cell) => {
  const { path, row, kind, outcome } = cell;
  const { ids, owner } = await cell.owners();
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
  expect(await ownersView(owner, ids)).toEqual({
    title: "The owner's",
    messageCount: 2,
    sessionCount: 2,
    tokenCount: 1,
    uploadCount: 1,
    documents: ["The owner's, version 1"],
  });
});
