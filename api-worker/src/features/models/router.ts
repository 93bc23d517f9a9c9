import { modelListOutput } from "../../contracts/models.ts";
import { procedure, router } from "../../trpc.ts";
import { listModelsFor } from "./use-cases.ts";

export const modelsRouter = router({
  /** The models that can answer with this deployment's keys; the default is the viewer's last choice. */
  list: procedure.user.output(modelListOutput).query(({ ctx }) => listModelsFor(ctx)),
});
