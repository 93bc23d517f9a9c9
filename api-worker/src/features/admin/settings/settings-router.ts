import { modelsSettingsOutput, updateModelsInput } from "../../../contracts/model-settings.ts";
import { siteSettingsOutput, updateSettingsInput } from "../../../contracts/site-settings.ts";
import { procedure, router } from "../../../trpc.ts";
import { getModelsSettings, updateModelsSettings } from "./models-settings.ts";
import { getSettings, updateSettings } from "./settings.ts";

export const settingsRouter = router({
  /** What is stored, and the defaults. */
  get: procedure.admin.output(siteSettingsOutput).query(({ ctx }) => getSettings(ctx)),
  update: procedure.admin
    .input(updateSettingsInput)
    .output(siteSettingsOutput)
    .mutation(({ ctx, input }) => updateSettings(ctx, input)),
  /** The models, with what is stored for each. */
  models: procedure.admin.output(modelsSettingsOutput).query(({ ctx }) => getModelsSettings(ctx)),
  updateModels: procedure.admin
    .input(updateModelsInput)
    .output(modelsSettingsOutput)
    .mutation(({ ctx, input }) => updateModelsSettings(ctx, input)),
});
