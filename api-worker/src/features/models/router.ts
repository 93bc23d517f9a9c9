import { listModels } from "../../ai/models.ts";
import { modelListOutput } from "../../contracts/models.ts";
import { procedure, router } from "../../trpc.ts";

export const modelsRouter = router({
  /** The models that can answer with this deployment's keys. */
  list: procedure.user.output(modelListOutput).query(({ ctx }) => ({ items: listModels(ctx.env) })),
});
