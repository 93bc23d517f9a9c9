import type { UserContext } from "../../context.ts";
import type { ModelListOutput } from "../../contracts/models.ts";
import { hasCostLimit, turnLimitsOf } from "../limits/day-limits.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { offerModels } from "./model-terms.ts";

/**
 * Lists the models that the viewer may use. Under a limit in money those without a price do not answer,
 * so they are left out; when none has a price they all stay, and the refusal of a message says why. The
 * viewer's last choice is the default, if it is among them.
 */
export async function listModelsFor(ctx: UserContext): Promise<ModelListOutput> {
  const { env, content, viewer } = ctx;
  const usable = offerModels(env, viewer).filter(({ isUsable }) => isUsable);
  const priced = usable.filter(({ price }) => price !== null);
  const isHeld = hasCostLimit(turnLimitsOf(ctx, limitsOf(env, viewer).day));
  const offered = isHeld && priced.length > 0 ? priced : usable;
  const items = offered.map(({ isUsable: _, price: __, ...model }) => model);
  const preference = await content.kysely
    .selectFrom("preferences")
    .select("modelId")
    .where("userId", "=", viewer.userId)
    .executeTakeFirst();
  const chosen =
    items.find(({ id }) => id === preference?.modelId) ??
    items.find(({ isDefault }) => isDefault) ??
    items[0];
  return { items: items.map((item) => ({ ...item, isDefault: item === chosen })) };
}
