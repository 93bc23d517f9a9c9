import { listAuditInput, listAuditOutput } from "../../../contracts/admin-audit.ts";
import { procedure, router } from "../../../trpc.ts";
import { listAudit } from "./list-audit.ts";

export const auditRouter = router({
  /** What administrators have done. */
  list: procedure.admin
    .input(listAuditInput)
    .output(listAuditOutput)
    .query(({ ctx, input }) => listAudit(ctx, input)),
});
