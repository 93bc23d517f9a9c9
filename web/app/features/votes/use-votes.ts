import { getMutationKey } from "@trpc/react-query";
import type { Vote, VoteListOutput, VoteOutput } from "api-worker/contracts/votes";
import { useMemo } from "react";
import { errorText } from "../../lib/error-text.ts";
import { getQueryClient, getQueryUtils, trpc } from "../../lib/trpc.ts";
import { voteOn, withVote } from "./votes.ts";

/**
 * The viewer's votes in a chat.
 *
 * @param isWanted false while there is nothing to vote on
 * @param onProblem called with the reason when a vote fails, and with null when one is given
 */
export function useVotes(
  chatId: string,
  isWanted: boolean,
  onProblem: (problem: string | null) => void,
) {
  const utils = trpc.useUtils();
  const list = trpc.votes.list.useQuery({ chatId }, { enabled: isWanted });
  const set = trpc.votes.set.useMutation({
    // Calls run one after another, so that the last press wins.
    scope: { id: `votes in ${chatId}` },
    async onMutate(wanted) {
      onProblem(null);
      await utils.votes.list.cancel({ chatId });
      const before = voteOn(utils.votes.list.getData({ chatId }), wanted.messageId);
      utils.votes.list.setData({ chatId }, (votes) => withVote(votes, wanted));
      return { before };
    },
    onError(error, wanted, context) {
      onProblem(errorText(error));
      // A later press already shows another vote, and its call will follow.
      if (isVoting(wanted.messageId, 1)) return;
      const vote = context?.before ?? "none";
      const { messageId } = wanted;
      utils.votes.list.setData({ chatId }, (votes) => withVote(votes, { messageId, vote }));
      void utils.votes.list.invalidate({ chatId });
    },
  });
  const votes = useMemo(() => votesByMessage(list.data), [list.data]);
  return { votes, vote: (wanted: VoteOutput) => set.mutate(wanted) };
}

/** Applies a vote from another tab or device. Browser only. */
export function noteVote(chatId: string, vote: VoteOutput): void {
  // A vote pressed on this page wins, because its call comes later.
  if (isVoting(vote.messageId)) return;
  getQueryUtils().votes.list.setData({ chatId }, (votes) => votes && withVote(votes, vote));
  void askAgain({ chatId });
}

/** Reloads the votes of open chats, because news of votes may have been missed. Browser only. */
export function refreshVotes(): void {
  // A vote pressed on this page wins.
  const isVotingHere = getQueryClient().isMutating({ mutationKey: getMutationKey(trpc.votes.set) });
  if (!isVotingHere) void askAgain();
}

/**
 * Refetches votes. A response still pending is cancelled, because it may be older than the vote.
 */
async function askAgain(chat?: { chatId: string }): Promise<void> {
  const { list } = getQueryUtils().votes;
  await list.cancel(chat);
  await list.invalidate(chat);
}

/** Whether more than `count` votes on a message are pending on this page. */
function isVoting(messageId: string, count = 0): boolean {
  const underWay = getQueryClient().isMutating({
    mutationKey: getMutationKey(trpc.votes.set),
    predicate: ({ state }) => (state.variables as VoteOutput).messageId === messageId,
  });
  return underWay > count;
}

function votesByMessage(list: VoteListOutput | undefined): ReadonlyMap<string, Vote> {
  return new Map(list?.items.map(({ messageId, vote }) => [messageId, vote]));
}
