import {
  roleLimitsOutput,
  updateRoleLimitsInput,
  updateUserLimitsInput,
  userLimitsInput,
  userLimitsOutput,
} from "../../../contracts/admin-limits.ts";
import { procedure, router } from "../../../trpc.ts";
import { getRoleLimits, getUserLimits, updateRoleLimits, updateUserLimits } from "./limits.ts";

export const limitsRouter = router({
  /** What is set for guests, accounts and administrators, and the defaults. */
  roles: procedure.admin.output(roleLimitsOutput).query(({ ctx }) => getRoleLimits(ctx)),
  updateRole: procedure.admin
    .input(updateRoleLimitsInput)
    .output(roleLimitsOutput)
    .mutation(({ ctx, input }) => updateRoleLimits(ctx, input)),
  /** What is set for a user, and what the user's role has. */
  user: procedure.admin
    .input(userLimitsInput)
    .output(userLimitsOutput)
    .query(({ ctx, input }) => getUserLimits(ctx, input)),
  updateUser: procedure.admin
    .input(updateUserLimitsInput)
    .output(userLimitsOutput)
    .mutation(({ ctx, input }) => updateUserLimits(ctx, input)),
});
