import type { Vote, VoteListOutput, VoteOutput } from "api-worker/contracts/votes";

/** Replaces one vote in the list; "none" removes it. */
export function withVote(
  list: VoteListOutput | undefined,
  { messageId, vote }: VoteOutput,
): VoteListOutput {
  const others = (list?.items ?? []).filter((item) => item.messageId !== messageId);
  return { items: vote === "none" ? others : [...others, { messageId, vote }] };
}

export function voteOn(list: VoteListOutput | undefined, messageId: string): Vote {
  return list?.items.find((item) => item.messageId === messageId)?.vote ?? "none";
}
