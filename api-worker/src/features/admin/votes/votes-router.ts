import {
  listAdminVotesInput,
  listAdminVotesOutput,
  votesByDayInput,
  votesByDayOutput,
} from "../../../contracts/admin-votes.ts";
import { procedure, router } from "../../../trpc.ts";
import { listAdminVotes, readVotesByDay } from "./votes.ts";

export const votesRouter = router({
  /** The votes of all users, without the answers. */
  list: procedure.admin
    .input(listAdminVotesInput)
    .output(listAdminVotesOutput)
    .query(({ ctx, input }) => listAdminVotes(ctx, input)),
  byDay: procedure.admin
    .input(votesByDayInput)
    .output(votesByDayOutput)
    .query(({ ctx, input }) => readVotesByDay(ctx, input)),
});
