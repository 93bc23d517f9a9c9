import type { Finding, Target, Value } from "../model.ts";
import type { EncodedRow } from "./encode-rows.ts";
import type { Step } from "./row-statements.ts";

/** An address at which no one gets mail and no one logs in, for an account whose own is taken. */
export const addressAside = (userId: string): string => `${userId}@imported.invalid`;

export interface SettledUsers {
  readonly rows: readonly EncodedRow[];
  /** To be run before the rows are written. */
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
}

/**
 * Settles who keeps an address that two accounts have. Addresses may have changed hands at the source
 * since an earlier run: then the other row is written again too, and gives its address up until then.
 * An account that was made here keeps its address; the imported one gets one that no one uses.
 *
 * @param rows of the table users
 */
export async function settleAddresses(
  target: Target,
  rows: readonly EncodedRow[],
): Promise<SettledUsers> {
  const taken = await listTaken(target, rows);
  if (taken.length === 0) return { rows, steps: [], findings: [] };
  const imported = await listImported(
    target,
    taken.map(({ takenBy }) => takenBy),
  );
  const givers = taken.filter(({ takenBy }) => imported.has(takenBy));
  const lost = new Map(
    taken.filter(({ takenBy }) => !imported.has(takenBy)).map(({ id, email }) => [id, email]),
  );
  return {
    rows: rows.map((row) => (lost.has(String(fieldOf(row, "id"))) ? withAddressAside(row) : row)),
    steps: givers.length === 0 ? [] : [giveUp(givers.map(({ takenBy }) => takenBy))],
    findings: [...lost].map(([id, email]) => ({
      code: "email-taken-here",
      table: "User",
      id: String(id),
      text: `${email} is the address of an account that was made here. The imported account has ${addressAside(String(id))} until you give it another.`,
    })),
  };
}

interface Taken {
  readonly id: string;
  readonly email: string;
  readonly takenBy: string;
}

function listTaken(target: Target, rows: readonly EncodedRow[]): Promise<readonly Taken[]> {
  const wanted = rows.map((row) => [fieldOf(row, "id"), fieldOf(row, "email")]);
  return target.query<Taken>("home", {
    sql: `
      SELECT row.value ->> 0 AS id, row.value ->> 1 AS email, users.id AS takenBy
      FROM json_each(?) AS row
      CROSS JOIN users ON users.email = row.value ->> 1 AND users.id <> row.value ->> 0`,
    params: [JSON.stringify(wanted)],
  });
}

async function listImported(target: Target, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await target.query<{ id: string }>("content", {
    sql: `SELECT DISTINCT groupId AS id FROM json_each(?) AS one
      CROSS JOIN importRows ON kind = 'user' AND groupId = one.value`,
    params: [JSON.stringify(ids)],
  });
  return new Set(rows.map(({ id }) => id));
}

function giveUp(ids: readonly string[]): Step {
  return {
    database: "home",
    statement: {
      sql: `UPDATE users SET email = id || '@imported.invalid'
        WHERE id IN (SELECT value FROM json_each(?))`,
      params: [JSON.stringify(ids)],
    },
  };
}

function fieldOf({ shape, json }: EncodedRow, column: string): Value {
  return (JSON.parse(json) as Value[])[shape.columns.indexOf(column)] ?? null;
}

function withAddressAside(row: EncodedRow): EncodedRow {
  const { columns } = row.shape;
  const values = JSON.parse(row.json) as Value[];
  values[columns.indexOf("email")] = addressAside(String(fieldOf(row, "id")));
  const json = JSON.stringify(values);
  return { ...row, json, bytes: Buffer.byteLength(json) };
}
