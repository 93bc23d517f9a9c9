import { modelListOutput } from "../../contracts/models.ts";
import { procedure, router } from "../../trpc.ts";
import { listModelsFor } from "./list-models.ts";

export const modelsRouter = router({
  /**
   * The models that the viewer may use, of those that this deployment has keys for. The viewer's last
   * choice is the default.
   */
  list: procedure.user.output(modelListOutput).query(({ ctx }) => listModelsFor(ctx)),
});
