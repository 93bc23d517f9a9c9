/** Reads and stores the row of the site's settings, for the forms that change parts of it. */
import type { HomeDb } from "db";
import type { UserContext } from "../../../context.ts";
import type { StoredSettings } from "../../../contracts/site-settings.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/ids.ts";
import { forgetStoredSettings, parseStoredSettings } from "../../../platform/site-settings.ts";
import { adminEvent } from "../../audit/admin-event.ts";
import { type ChangedColumns, findSettings, storeChange } from "./queries.ts";

interface SettingsState {
  /** Counts the changes; 0 before the first. */
  readonly version: number;
  /** null before the first change. */
  readonly updatedAt: number | null;
  readonly stored: StoredSettings;
}

export async function readSettings(home: HomeDb): Promise<SettingsState> {
  const row = await findSettings(home);
  return {
    version: row?.version ?? 0,
    updatedAt: row?.updatedAt ?? null,
    stored: parseStoredSettings(row?.siteSettings ?? null),
  };
}

interface SettingsChange {
  /** Of the settings that the change was made on. */
  readonly version: number;
  /** The columns of the form that was saved. The others stay as they are. */
  readonly value: ChangedColumns;
  readonly reason: string | undefined;
  /** What has changed, for people to read. */
  readonly details: Record<string, unknown>;
}

/**
 * Stores settings in place of those that were stored, and records the change.
 *
 * @throws AppError CONFLICT when another change came first
 */
export async function storeSettings(
  ctx: UserContext,
  { version, value, reason, details }: SettingsChange,
): Promise<void> {
  const isStored = await storeChange(
    ctx.home,
    { version, changeId: newId(), ...value, updatedAt: systemClock() },
    adminEvent(ctx, {
      ...{ action: "settings.update", targetType: "settings", targetId: "site", ownerId: null },
      reason,
      details,
    }),
  );
  if (!isStored) {
    throw new AppError(
      "CONFLICT",
      "Another administrator has changed the settings meanwhile. Load them again, then make your change.",
    );
  }
  forgetStoredSettings();
}
