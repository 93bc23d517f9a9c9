/** What the rows of a group depend on beside the group itself. */
import type { SourceShape, Value } from "../../model.ts";
import type { ComparedRow } from "../compare/compared-row.ts";
import { storedTables } from "../stored/stored-tables.ts";

/** A file that the target has, as its row of `uploads` says. */
export interface UploadFacts {
  readonly name: string;
  readonly mediaType: string | null;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

export interface ExpectContext {
  readonly shape: SourceShape;
  readonly zone: string;
  /** Files that are stored and ready, by `userId uploadId`. */
  readonly uploads: ReadonlyMap<string, UploadFacts>;
  /** The files of messages that are too large for a row, by `userId messageId`: their uploads. */
  readonly overflows: ReadonlyMap<string, string>;
  /** Who keeps an address that is one in the target. */
  readonly addresses: { keeperOf(email: string): string | undefined };
  /** Ids of messages of the older forms that stand in more than one chat. */
  readonly repeatedIds: ReadonlySet<string>;
}

/** The value of a column that a rule in the target decides, and that keeps to it. */
export const byRule = "(by rule)";

/** Makes a row of a table. @throws Error for a table that is not compared */
export function expectedRow(
  name: string,
  groupId: string,
  values: Readonly<Record<string, Value>>,
): ComparedRow {
  const table = storedTables.find((one) => one.name === name);
  if (!table) throw new Error(`The verifier does not compare ${name}.`);
  const all: Record<string, Value> = {};
  for (const column of table.columns) all[column] = values[column] ?? null;
  return { table, groupId, values: all };
}
