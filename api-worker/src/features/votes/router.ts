import { chatIdInput } from "../../contracts/chats.ts";
import { setVoteInput, voteListOutput, voteOutput } from "../../contracts/votes.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { listVotes, setVote } from "./votes.ts";

export const votesRouter = router({
  /** Votes up, down or none on an answer in one of the viewer's chats. */
  set: procedure.user
    .input(setVoteInput)
    .output(voteOutput)
    .mutation(({ ctx, input }) => setVote(ownerOf(ctx), input)),
  list: procedure.user
    .input(chatIdInput)
    .output(voteListOutput)
    .query(({ ctx, input }) => listVotes(ownerOf(ctx), input)),
});
