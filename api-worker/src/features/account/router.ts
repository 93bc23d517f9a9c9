import { z } from "zod";
import {
  createdTokenOutput,
  createTokenInput,
  tokenIdInput,
  tokenOutput,
} from "../../contracts/account.ts";
import { inspectionsInput, inspectionsOutput } from "../../contracts/admin-chats.ts";
import { usageInput, usageOutput } from "../../contracts/usage.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { listInspections } from "../audit/list-inspections.ts";
import { createToken, listTokens, revokeToken } from "./tokens.ts";
import { getUsage } from "./usage.ts";

export const accountRouter = router({
  /** The viewer's usage by day, and what is left of today. */
  usage: procedure.user
    .input(usageInput)
    .output(usageOutput)
    .query(({ ctx, input }) => getUsage(ctx, input)),
  /** What administrators opened of the viewer's. */
  inspections: procedure.user
    .input(inspectionsInput)
    .output(inspectionsOutput)
    .query(({ ctx, input }) => listInspections(ownerOf(ctx), input)),
  tokens: router({
    create: procedure.account
      .input(createTokenInput)
      .output(createdTokenOutput)
      .mutation(({ ctx, input }) => createToken(ctx, input)),
    list: procedure.account
      .output(z.object({ items: z.array(tokenOutput) }))
      .query(({ ctx }) => listTokens(ctx)),
    revoke: procedure.account
      .input(tokenIdInput)
      .output(z.null())
      .mutation(({ ctx, input }) => revokeToken(ctx, input)),
  }),
});
