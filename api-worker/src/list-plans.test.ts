import { expect, test } from "vitest";
import { type Caller, callerFor } from "../test/callers.ts";
import { createChat, createMessage } from "../test/factories.ts";
import { countInvocations, freePlan, type Invocation, largest } from "../test/invocations.ts";
import { explain, slowSteps } from "../test/query-plan.ts";
import { openSubscription } from "../test/stream.ts";
import { encodeCursor } from "./platform/cursor.ts";
import { newId } from "./platform/ids.ts";
import { appRouter } from "./router.ts";

interface Chat {
  readonly chatId: string;
  readonly firstId: string;
}

type Call = (api: Caller["api"], chat: Chat, caller: Caller) => Promise<unknown>;

const oneChatFile = { format: "alleato-chat", version: 1, chats: [null] };

/** A cursor of a list by time, for a list that is empty here. */
const firstCursor = encodeCursor([Date.now(), "z"]);

const createDocument = (api: Caller["api"], content: string) =>
  api.documents.create.mutate({ key: newId(), kind: "text", title: content, content });

/** Every list of the API, in each of its forms, and the other calls that read many rows. */
const lists: Record<string, Call> = {
  "chats.list": (api) => api.chats.list.query({}),
  "chats.list, further pages": async (api) => {
    for (const pinned of [undefined, true, false]) {
      const { nextCursor } = await api.chats.list.query({ pinned, limit: 1 });
      await api.chats.list.query({ pinned, limit: 1, cursor: nextCursor });
    }
  },
  "chats.list, pinned": (api) => api.chats.list.query({ pinned: true }),
  "chats.list, not pinned": (api) => api.chats.list.query({ pinned: false }),
  "chats.search": (api) => api.chats.search.query({ query: "hello wor" }),
  "chats.search, further pages": async (api) => {
    const { nextCursor } = await api.chats.search.query({ query: "hello", limit: 1 });
    await api.chats.search.query({ query: "hello", limit: 1, cursor: nextCursor });
  },
  "chats.export": async (api, { chatId }) => {
    for (const format of ["json", "markdown"] as const) {
      await api.chats.export.query({ format });
      await api.chats.export.query({ format, chatId });
    }
  },
  "chats.watch": async (_, __, caller) => {
    const news = await openSubscription(caller, "chats.watch", undefined);
    await news.next();
    await news.cancel();
  },
  "messages.list": (api, { chatId }) => api.messages.list.query({ chatId }),
  "messages.list, further pages": (api, { chatId, firstId }) =>
    api.messages.list.query({ chatId, cursor: firstId }),
  "votes.list": (api, { chatId }) => api.votes.list.query({ chatId }),
  "models.list": (api) => api.models.list.query(),
  "auth.sessions.list": (api) => api.auth.sessions.list.query(),
  "account.tokens.list": (api) => api.account.tokens.list.query(),
  "account.inspections": async (api) => {
    const { nextCursor } = await api.account.inspections.query({ limit: 1 });
    await api.account.inspections.query({ limit: 1, cursor: nextCursor ?? firstCursor });
  },
  "account.usage": (api) => api.account.usage.query({}),
  "uploads.list": (api) => api.uploads.list.query({}),
  "uploads.list, by size": (api) => api.uploads.list.query({ sort: "largest" }),
  "uploads.list, further pages": async (api) => {
    for (const name of ["a.txt", "b.txt"]) {
      const form = new FormData();
      form.append("file", new File([name], name));
      await api.uploads.create.mutate(form);
    }
    for (const sort of ["newest", "largest"] as const) {
      const { nextCursor } = await api.uploads.list.query({ sort, limit: 1 });
      await api.uploads.list.query({ sort, limit: 1, cursor: nextCursor });
    }
  },
  "uploads.delete": async (api) => {
    const form = new FormData();
    form.append("file", new File(["c"], "c.txt"));
    const { id: uploadId } = await api.uploads.create.mutate(form);
    await api.uploads.delete.mutate({ uploadId });
  },
  "documents.list": (api) => api.documents.list.query({}),
  "documents.list, of a chat": (api, { chatId }) => api.documents.list.query({ chatId }),
  "documents.list, further pages": async (api, { chatId }) => {
    for (const name of ["a", "b"]) await createDocument(api, name);
    const { nextCursor } = await api.documents.list.query({ limit: 1 });
    await api.documents.list.query({ limit: 1, cursor: nextCursor });
    await api.documents.list.query({ chatId, limit: 1, cursor: nextCursor });
  },
  "documents.versions": async (api) => {
    const { id: documentId } = await createDocument(api, "a");
    await api.documents.save.mutate({ documentId, content: "b", baseVersion: 1, saveId: newId() });
    const { nextCursor } = await api.documents.versions.query({ documentId, limit: 1 });
    await api.documents.versions.query({ documentId, limit: 1, cursor: nextCursor });
    await api.documents.get.query({ documentId });
    await api.documents.restore.mutate({ documentId, version: 1 });
    await api.documents.rename.mutate({ documentId, title: "c" });
    await api.documents.delete.mutate({ documentId });
  },
  "documents.suggestions.list": async (api) => {
    const { id: documentId } = await createDocument(api, "a");
    await api.documents.suggestions.list.query({ documentId });
    const suggestionIds = [newId(), newId()];
    await api.documents.suggestions.resolve.mutate({ documentId, suggestionIds, state: "open" });
  },
  "chats.import": (api) => api.chats.import.mutate({ data: oneChatFile, importId: newId() }),
  "chats.deleteAll": (api) => api.chats.deleteAll.mutate(),
};

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { output?: { shape?: Record<string, unknown> } } }
>;

test("every list of the API is here", () => {
  const paths = Object.entries(procedures)
    // `features/admin/lists.test.ts` has those of administration.
    .filter(([path]) => !path.startsWith("admin."))
    .filter(([, { _def }]) =>
      ["items", "nextCursor"].some((key) => key in (_def.output?.shape ?? {})),
    )
    .map(([path]) => path);
  expect(paths.length).toBeGreaterThan(8);
  expect(paths.filter((path) => !(path in lists))).toEqual([]);
});

/**
 * Scans of rows that the query itself has collected: those of the page, or the few uses of a file.
 */
const isOfPage = (step: string) =>
  /^SCAN (branch|page|path|sized|uses|\(subquery-\d+\))$/.test(step);
/**
 * Queries that may sort: they sort only the page (the branch by depth, a message's versions by
 * time, documents that the search index reads, versions of documents without a chat, messages of
 * several chats), a message's parts, the versions of one chat's documents, or those that show one
 * upload.
 */
const sortsPage = (sql: string) =>
  /WITH RECURSIVE|CROSS JOIN documents ON|json_each\(messages\.parts\)|documents\.chatId (?:= |IS NULL)|documentFiles\.uploadId|ORDER BY sized\.chatId/i.test(
    sql,
  );

test.each(Object.entries(lists))("%s is served by indexes: no scan, no sort", async (_, call) => {
  const owner = await callerFor("owner");
  for (const pinnedAt of [null, null, 1, 2]) await createChat(owner.user, { pinnedAt });
  const chat = await createChat(owner.user);
  const first = await createMessage(owner.user, chat);
  await createMessage(owner.user, chat, { role: "assistant", parentId: first.id });
  let seen: Invocation[] = [];
  const statements = await explain(async () => {
    seen = await countInvocations(() =>
      call(owner.api, { chatId: chat.id, firstId: first.id }, owner),
    );
  });
  expect(largest(seen).subrequests).toBeLessThanOrEqual(freePlan);
  expect(statements.length).toBeGreaterThan(0);
  for (const { sql, plan } of statements) {
    const slow = slowSteps(plan).filter(
      (step) => !isOfPage(step) && !(sortsPage(sql) && /TEMP B-TREE/.test(step)),
    );
    expect({ sql, slow }).toEqual({ sql, slow: [] });
  }
});
