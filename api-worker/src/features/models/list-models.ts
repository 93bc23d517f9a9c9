import { listModels } from "../../ai/models.ts";
import type { UserContext } from "../../context.ts";
import type { ModelListOutput } from "../../contracts/models.ts";
import { settingsOf } from "../../platform/settings.ts";

/** Lists the available models. The viewer's last choice is the default, if it is still available. */
export async function listModelsFor(ctx: UserContext): Promise<ModelListOutput> {
  const items = listModels(settingsOf(ctx.env).ai);
  const preference = await ctx.content.kysely
    .selectFrom("preferences")
    .select("modelId")
    .where("userId", "=", ctx.viewer.userId)
    .executeTakeFirst();
  const chosen = items.find(({ id }) => id === preference?.modelId);
  if (!chosen) return { items };
  return { items: items.map((item) => ({ ...item, isDefault: item === chosen })) };
}
