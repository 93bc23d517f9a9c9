import { modelListOutput } from "../../contracts/models.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { listModelsFor } from "./list-models.ts";

export const modelsRouter = router({
  /** The models available with this deployment's keys. The viewer's last choice is the default. */
  list: procedure.user.output(modelListOutput).query(({ ctx }) => listModelsFor(ownerOf(ctx))),
});
