import type { Value } from "../../model.ts";
import type { StoredTable } from "../stored/stored-tables.ts";

/** A row of the target, or the row that should be there, in the form that both are compared in. */
export interface ComparedRow {
  readonly table: StoredTable;
  /** Empty for a row whose group does not exist. */
  readonly groupId: string;
  readonly values: Readonly<Record<string, Value>>;
}
