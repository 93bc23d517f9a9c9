import { contentTables, sql } from "db";
import type { OwnerContext } from "../../context.ts";

/** The rows of an owner, by table. Tables without any are left out. */
export type ContentCount = Readonly<Record<string, number>>;

/** Counts the rows that an owner has in each table of the content database, in one statement. */
export async function countContent({ content, userId }: OwnerContext): Promise<ContentCount> {
  const counts = Object.entries(contentTables).map(
    ([name, { owner }]) =>
      sql`(SELECT count(*) FROM ${sql.table(name)} WHERE ${sql.ref(owner)} = ${userId})
        AS ${sql.ref(name)}`,
  );
  const { rows } = await sql<ContentCount>`SELECT ${sql.join(counts)}`.execute(content.kysely);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).filter(([, count]) => count > 0));
}
