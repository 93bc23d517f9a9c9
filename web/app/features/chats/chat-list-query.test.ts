import { getQueryKey } from "@trpc/react-query";
import type { ChatOutput } from "api-worker/contracts/chats";
import { beforeAll, expect, test, vi } from "vitest";
import { getQueryClient, trpc } from "../../lib/trpc.ts";
import { changeChat, changeChatLists, forgetInLists } from "./chat-list-query.ts";

// With a `document`, the whole page shares one cache.
beforeAll(() => void vi.stubGlobal("document", {}));

const listKey = getQueryKey(trpc.chats.list, { limit: 30 }, "infinite");
const chatKey = (chatId: string) => getQueryKey(trpc.chats.get, { chatId }, "query");

const chat = (id: string, title: string) => ({ id, title }) as ChatOutput;
const pageOf = (...items: ChatOutput[]) => ({
  pages: [{ items, nextCursor: null }],
  pageParams: [null],
});

/** Starts refetching a cache entry. `answer` responds with the data from before the change. */
function readAgain<Data>(queryKey: readonly unknown[], before: Data, after: Data) {
  const client = getQueryClient();
  client.setQueryData(queryKey, before);
  const late = Promise.withResolvers<Data>();
  const queryFn = vi.fn<() => Promise<Data>>(async () => after);
  queryFn.mockReturnValueOnce(late.promise);
  const reading = client.fetchQuery({ queryKey, queryFn, staleTime: 0 }).catch(() => undefined);
  return {
    queryFn,
    async answer() {
      late.resolve(before);
      await reading;
      await vi.waitFor(() => expect(client.isFetching({ queryKey })).toBe(0));
      return client.getQueryData(queryKey);
    },
  };
}

test("a change is not undone by an earlier response that arrives later", async () => {
  const before = chat("1", "Before");
  const after = chat("1", "After");
  const own = readAgain(chatKey("1"), before, after);
  const list = readAgain(listKey, pageOf(before), pageOf(after));
  changeChat("1", { title: "After" });
  expect(getQueryClient().getQueryData(chatKey("1"))).toEqual(after);
  expect(getQueryClient().getQueryData(listKey)).toEqual(pageOf(after));
  expect(await own.answer()).toEqual(after);
  expect(await list.answer()).toEqual(pageOf(after));
  expect(own.queryFn).toHaveBeenCalledTimes(2);
});

test("a chat removed from the lists does not come back with an earlier response", async () => {
  const [gone, kept] = [chat("1", "Gone"), chat("2", "Kept")];
  const list = readAgain(listKey, pageOf(gone, kept), pageOf(kept));
  forgetInLists("1");
  expect(await list.answer()).toEqual(pageOf(kept));
});

test("a change refetches nothing when no request is pending", () => {
  const invalidate = vi.spyOn(getQueryClient(), "invalidateQueries");
  getQueryClient().setQueryData(listKey, pageOf(chat("1", "Before"), chat("2", "Other")));
  changeChat("1", { title: "After" });
  changeChatLists((items) => items.toReversed());
  expect(getQueryClient().getQueryData(listKey)).toEqual(
    pageOf(chat("2", "Other"), chat("1", "After")),
  );
  expect(invalidate).not.toHaveBeenCalled();
});
