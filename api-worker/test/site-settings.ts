import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import type { StoredSettings } from "../src/contracts/site-settings.ts";
import { newId } from "../src/platform/ids.ts";
import { forgetStoredSettings } from "../src/platform/site-settings.ts";

/** The columns that settings are stored in. */
function columnsOf({ models, costPerDayNanos = null, ...others }: StoredSettings) {
  return {
    value: JSON.stringify(others),
    models: models === undefined ? null : JSON.stringify(models),
    costPerDayNanos,
  };
}

/**
 * Stores settings of the site in place of those that are stored, as another worker does, and lets
 * this one forget what it remembers.
 */
export async function storeSettings(settings: StoredSettings): Promise<void> {
  const change = { changeId: newId(), ...columnsOf(settings), updatedAt: Date.now() };
  await createHomeDb(env.HOME)
    .kysely.insertInto("siteSettings")
    .values({ id: 1, version: 1, ...change })
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet((eb) => ({ ...change, version: eb("siteSettings.version", "+", 1) })),
    )
    .execute();
  forgetStoredSettings();
}
