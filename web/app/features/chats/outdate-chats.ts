import { getQueryUtils } from "../../lib/trpc.ts";

/**
 * How long to wait for more, in ms: a turn that starts is reported several times, and the lists
 * would compete with its answer for the network and the worker.
 */
const waitMs = 250;

let timer: ReturnType<typeof setTimeout> | undefined;
/** The outdated chats; "all" when it is not known which. */
let outdated: Set<string> | "all" = new Set();

/**
 * Marks the lists and a chat's cached data as outdated, or those of all chats. Data in use is
 * refetched shortly, other data when it is shown. Browser only.
 */
export function outdateChats(chatId?: string): void {
  if (chatId === undefined) outdated = "all";
  else if (outdated !== "all") outdated.add(chatId);
  const { messages } = getQueryUtils();
  // A session loads its chat's messages itself.
  void messages.list.invalidate(chatId === undefined ? undefined : { chatId }, {
    refetchType: "none",
  });
  if (timer === undefined) timer = setTimeout(refetch, waitMs);
}

function refetch(): void {
  const chatIds = outdated;
  timer = undefined;
  outdated = new Set();
  const { chats } = getQueryUtils();
  void chats.list.invalidate();
  if (chatIds === "all") void chats.get.invalidate();
  else for (const chatId of chatIds) void chats.get.invalidate({ chatId });
}
