import { expect, test } from "vitest";
import { type Caller, callerFor } from "../test/callers.ts";
import { createChat, createMessage } from "../test/factories.ts";
import { explain, slowSteps } from "../test/query-plan.ts";
import { newId } from "./platform/ids.ts";

interface Chat {
  readonly chatId: string;
  readonly firstId: string;
}

type Call = (api: Caller["api"], chat: Chat) => Promise<unknown>;

const oneChatFile = { format: "alleato-chat", version: 1, chats: [null] };

/** Every list of the product, each way it can be asked for. */
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
  "messages.list": (api, { chatId }) => api.messages.list.query({ chatId }),
  "messages.list, further pages": (api, { chatId, firstId }) =>
    api.messages.list.query({ chatId, cursor: firstId }),
  "votes.list": (api, { chatId }) => api.votes.list.query({ chatId }),
  "auth.sessions.list": (api) => api.auth.sessions.list.query(),
  "account.tokens.list": (api) => api.account.tokens.list.query(),
  "account.usage": (api) => api.account.usage.query({}),
  "chats.import": (api) => api.chats.import.mutate({ data: oneChatFile, importId: newId() }),
  "chats.deleteAll": (api) => api.chats.deleteAll.mutate(),
};

/** What a recursive query has gathered so far: as many rows as the page has, and in memory. */
const isOfPage = (step: string) => /^SCAN (branch|path)$/.test(step);
/** Sorts the page alone: the branch by depth, the versions of one message by time. */
const sortsPage = (sql: string) => /WITH RECURSIVE/i.test(sql);

test.each(Object.entries(lists))("%s is served by indexes: no scan, no sort", async (_, call) => {
  const owner = await callerFor("owner");
  for (const pinnedAt of [null, null, 1, 2]) await createChat(owner.user, { pinnedAt });
  const chat = await createChat(owner.user);
  const first = await createMessage(owner.user, chat);
  await createMessage(owner.user, chat, { role: "assistant", parentId: first.id });
  const statements = await explain(() => call(owner.api, { chatId: chat.id, firstId: first.id }));
  expect(statements.length).toBeGreaterThan(0);
  for (const { sql, plan } of statements) {
    const slow = slowSteps(plan).filter(
      (step) => !isOfPage(step) && !(sortsPage(sql) && /TEMP B-TREE/.test(step)),
    );
    expect({ sql, slow }).toEqual({ sql, slow: [] });
  }
});
