import { type HomeDb, runBatch, type SiteSettingsTable, sql } from "db";
import { storedSettingsColumn } from "../../../platform/site-settings.ts";
import { type AuditEvent, eventStatement } from "../../audit/record-event.ts";

/** Finds the stored settings; undefined before the first change. */
export function findSettings(home: HomeDb) {
  return home.kysely
    .selectFrom("siteSettings")
    .select(["version", "updatedAt", storedSettingsColumn])
    .where("id", "=", 1)
    .executeTakeFirst();
}

/** The columns of settings that a change is about. */
export type ChangedColumns = Partial<
  Pick<SiteSettingsTable, "value" | "models" | "costPerDayNanos">
>;

interface SettingsChange extends ChangedColumns {
  /** The version that the change was made on; 0 before the first change. */
  readonly version: number;
  readonly changeId: string;
  readonly updatedAt: number;
}

/**
 * Stores settings and records that, unless another change came first.
 *
 * @returns whether they are stored
 */
export async function storeChange(
  home: HomeDb,
  { version, ...change }: SettingsChange,
  event: AuditEvent,
): Promise<boolean> {
  const isCurrent = sql<boolean>`(SELECT coalesce(max(version), 0) FROM siteSettings) = ${version}`;
  const changed = { version: version + 1, ...change };
  const row = { id: 1 as const, value: "{}", ...changed };
  const columns = Object.keys(row) as (keyof typeof row)[];
  const changedColumns = Object.keys(changed) as (keyof typeof changed)[];
  const [, stored] = await runBatch(home, [
    eventStatement(home, event, isCurrent),
    home.kysely
      .insertInto("siteSettings")
      .columns(columns)
      .expression(
        home.kysely
          .selectNoFrom(columns.map((column) => sql.val(row[column]).as(column)))
          .where(isCurrent),
      )
      .onConflict((conflict) =>
        conflict
          .column("id")
          .doUpdateSet(({ ref }) =>
            Object.fromEntries(changedColumns.map((name) => [name, ref(`excluded.${name}`)])),
          ),
      )
      .returning("version"),
  ]);
  return stored.length > 0;
}
