import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { createChat, createMessage } from "../../../test/factories.ts";
import { upload } from "../../../test/files.ts";
import { explain, slowSteps } from "../../../test/query-plan.ts";
import { newId } from "../../platform/ids.ts";
import { appRouter } from "../../router.ts";

/** @param owner whose data the administrator looks at; @param viewer the administrator */
type Call = (
  admin: Caller["api"]["admin"],
  owner: Caller["user"],
  viewer: Caller["user"],
) => Promise<unknown>;

type AuditForm = NonNullable<Parameters<Caller["api"]["admin"]["audit"]["list"]["query"]>[0]>;

/** Every list of administration, in each of its forms. */
const lists: Record<string, readonly Call[]> = {
  "audit.list": [
    {},
    { action: "user.disable" as const },
    { actor: "viewer" },
    { about: "owner" },
    { from: 1, until: 2 },
    { action: "user.disable" as const, actor: "viewer", about: "owner", from: 1 },
  ].map(
    ({ actor, about, ...filter }: AuditForm): Call =>
      (admin, owner, viewer) =>
        twoPages((cursor) =>
          admin.audit.list.query({
            ...filter,
            ...(actor && { actor: viewer.email ?? "" }),
            ...(about && { about: owner.id }),
            ...{ limit: 1, cursor },
          }),
        ),
  ),
  "invites.list": [(admin) => twoPages((cursor) => admin.invites.list.query({ limit: 1, cursor }))],
  "chats.list": [
    {},
    { user: "owner" },
    { title: "a", status: "failed" as const, modelId: "demo" },
    { user: "owner", title: "chat", from: 1, until: 9e12 },
  ].map(
    ({ user, ...filter }): Call =>
      (admin, owner) =>
        twoPages((cursor) =>
          admin.chats.list.query({ ...filter, ...(user && { user: owner.id }), limit: 1, cursor }),
        ),
  ),
  "chats.messages": [
    async (admin, owner) => {
      const { items } = await admin.chats.list.query({ user: owner.id });
      const chatId = items[0]?.id ?? "";
      const opening = { userId: owner.id, chatId, reason: "A test" };
      const { accessId } = await admin.chats.open.mutate(opening);
      await admin.chats.inspect.query({ accessId });
      await twoPages((cursor) => admin.chats.messages.query({ accessId, limit: 1, cursor }));
    },
  ],
  "stats.overview": [(admin) => admin.stats.overview.query({})],
  "chats.search": [
    async (admin, owner) => {
      const search = { userId: owner.id, query: "hello", reason: "A test" };
      const { accessId } = await admin.chats.openSearch.mutate(search);
      await twoPages((cursor) => admin.chats.search.query({ accessId, limit: 1, cursor }));
    },
  ],
  "streams.ended": [
    (admin) => twoPages((cursor) => admin.streams.ended.query({ limit: 1, cursor })),
    (admin) => admin.streams.live.query(),
  ],
  "users.list": [
    ...(["accounts", "guests", "admins", "disabled"] as const).flatMap((kind) => [
      ...(["newest", "oldest", "email"] as const).map(
        (sort): Call =>
          (admin) =>
            twoPages((cursor) => admin.users.list.query({ kind, sort, limit: 1, cursor })),
      ),
      ...["a", "@example.com"].map(
        (search): Call =>
          (admin) =>
            twoPages((cursor) => admin.users.list.query({ kind, search, limit: 1, cursor })),
      ),
    ]),
    (admin, { id }) => admin.users.list.query({ search: id }),
  ],
  "users.documents": [
    (admin, { id: userId }) =>
      twoPages((cursor) => admin.users.documents.query({ userId, limit: 1, cursor })),
  ],
  "users.files": [
    (admin, { id: userId }) =>
      twoPages((cursor) => admin.users.files.query({ userId, limit: 1, cursor })),
  ],
  "votes.list": [
    ...[
      {},
      { vote: "up" as const },
      { modelId: "demo" },
      { vote: "up" as const, modelId: "demo" },
    ].map(
      (filter): Call =>
        (admin) =>
          twoPages((cursor) => admin.votes.list.query({ ...filter, limit: 1, cursor })),
    ),
    (admin) => admin.votes.byDay.query({}),
  ],
};

async function twoPages(
  read: (cursor: string | null) => Promise<{ readonly nextCursor: string | null }>,
) {
  const { nextCursor } = await read(null);
  await read(nextCursor);
}

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { output?: { shape?: Record<string, unknown> } } }
>;

test("every list of administration is here", () => {
  const paths = Object.entries(procedures)
    .filter(([path]) => path.startsWith("admin."))
    .filter(([, { _def }]) => "nextCursor" in (_def.output?.shape ?? {}))
    .map(([path]) => path.slice("admin.".length));
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => !(path in lists))).toEqual([]);
});

/** A walk along an index in the order of the list, which ends with the page. */
const isInOrder = (sql: string, step: string) =>
  /^SCAN (users|events|chats|messages|invites|votes) USING (COVERING )?INDEX \w+$/.test(step) &&
  / order by /i.test(sql) &&
  / limit /i.test(sql);
/** The index of answers in progress has only these, a handful. */
const isOfOpenAnswers = (step: string) => step === "SCAN messages USING INDEX messagesUnderWay";
/** An inserted event comes from one row of parameters. */
const isOfParameters = (step: string) => step === "SCAN CONSTANT ROW";
/** A search collects its page from two indexes, each in order, and sorts it. */
const isOfPage = (sql: string, step: string) =>
  / as "page"/.test(sql) &&
  /^(SCAN (page|\(subquery-\d+\))|USE TEMP B-TREE FOR ORDER BY)$/.test(step);

/** What one person's index reads: `list-plans.test.ts` has the person's own search. */
const isOfSearch = (sql: string) => /searchChanges|WITH (wanted|page) AS/.test(sql);

test.each(Object.entries(lists))("%s is served by indexes: no scan, no sort", async (_, calls) => {
  const [admin, owner] = [await callerFor("admin"), await callerFor("owner")];
  await createChat(owner.user);
  const chat = await createChat(owner.user);
  await createMessage(owner.user, chat);
  for (const status of ["failed", "interrupted"] as const) {
    await createMessage(owner.user, chat, { role: "assistant", status });
  }
  await createMessage(owner.user, chat);
  for (const vote of ["up", "up"] as const) {
    const answer = { role: "assistant", modelId: "demo" } as const;
    const { id: messageId } = await createMessage(owner.user, chat, answer);
    await owner.api.votes.set.mutate({ messageId, vote });
  }
  for (const title of ["First", "Second"]) {
    const document = { key: newId(), kind: "text" as const, title, content: title };
    await owner.api.documents.create.mutate(document);
    await upload(owner, title);
  }
  for (const maxUses of [1, 2]) await admin.api.admin.invites.create.mutate({ maxUses });
  const { disable, enable } = admin.api.admin.users;
  for (const change of [disable, enable, disable, enable]) {
    await change.mutate({ userId: owner.user.id });
  }
  for (const [form, call] of calls.entries()) {
    const statements = await explain(() => call(admin.api.admin, owner.user, admin.user));
    expect(statements.length).toBeGreaterThan(0);
    for (const { sql, plan } of statements.filter((statement) => !isOfSearch(statement.sql))) {
      const slow = slowSteps(plan).filter(
        (step) =>
          !isInOrder(sql, step) &&
          !isOfOpenAnswers(step) &&
          !isOfParameters(step) &&
          !isOfPage(sql, step),
      );
      expect({ form, sql, slow }).toEqual({ form, sql, slow: [] });
    }
  }
});
