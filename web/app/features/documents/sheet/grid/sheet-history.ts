import type { Sheet } from "../csv/csv-text.ts";

/** Steps that can be undone. */
const stepsMax = 200;
/** Each step keeps a list of its rows: of large sheets fewer steps are kept. */
const rowsMax = 2_000_000;

/** The sheets before and after the one that is shown. */
export interface SheetHistory {
  readonly past: readonly Sheet[];
  readonly future: readonly Sheet[];
}

export const noHistory: SheetHistory = { past: [], future: [] };

/** Notes a sheet that a change has replaced. What was undone before is gone. */
export function addStep({ past }: SheetHistory, before: Sheet): SheetHistory {
  const steps = Math.min(stepsMax, Math.max(1, Math.floor(rowsMax / (before.rows.length + 1))));
  return { past: [...past, before].slice(-steps), future: [] };
}

/** Takes a step back. @returns null when there is none */
export function undoStep({ past, future }: SheetHistory, shown: Sheet): Step | null {
  const sheet = past.at(-1);
  return sheet ? { sheet, history: { past: past.slice(0, -1), future: [...future, shown] } } : null;
}

/** Takes a step that was undone again. @returns null when there is none */
export function redoStep({ past, future }: SheetHistory, shown: Sheet): Step | null {
  const sheet = future.at(-1);
  return sheet ? { sheet, history: { past: [...past, shown], future: future.slice(0, -1) } } : null;
}

interface Step {
  readonly sheet: Sheet;
  readonly history: SheetHistory;
}
