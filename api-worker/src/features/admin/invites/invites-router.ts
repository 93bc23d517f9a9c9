import { z } from "zod";
import {
  createdInviteOutput,
  createInviteInput,
  listInvitesInput,
  listInvitesOutput,
  revokeInviteInput,
} from "../../../contracts/admin-invites.ts";
import { procedure, router } from "../../../trpc.ts";
import { createInvite, listInvites, revokeInvite } from "./invites.ts";

export const invitesRouter = router({
  list: procedure.admin
    .input(listInvitesInput)
    .output(listInvitesOutput)
    .query(({ ctx, input }) => listInvites(ctx, input)),
  /** Returns the token of the link, this once. */
  create: procedure.admin
    .input(createInviteInput)
    .output(createdInviteOutput)
    .mutation(({ ctx, input }) => createInvite(ctx, input)),
  revoke: procedure.admin
    .input(revokeInviteInput)
    .output(z.null())
    .mutation(({ ctx, input }) => revokeInvite(ctx, input)),
});
