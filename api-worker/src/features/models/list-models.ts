import { listModels } from "../../ai/models.ts";
import type { OwnerContext } from "../../context.ts";
import type { ModelListOutput } from "../../contracts/models.ts";
import { settingsOf } from "../../platform/settings.ts";

/** Lists the available models. The owner's last choice is the default, if it is still available. */
export async function listModelsFor({
  env,
  content,
  userId,
}: OwnerContext): Promise<ModelListOutput> {
  const items = listModels(settingsOf(env).ai);
  const preference = await content.kysely
    .selectFrom("preferences")
    .select("modelId")
    .where("userId", "=", userId)
    .executeTakeFirst();
  const chosen = items.find(({ id }) => id === preference?.modelId);
  if (!chosen) return { items };
  return { items: items.map((item) => ({ ...item, isDefault: item === chosen })) };
}
