/** What an answer makes the platform do. */
export interface Counts {
  /** Requests to the worker. */
  requests: number;
  /** Calls, fetches and alarms of objects. */
  objectRequests: number;
  objectRowsRead: number;
  /** Deleted rows and alarms are rows written too. */
  objectRowsWritten: number;
  d1RowsRead: number;
  d1RowsWritten: number;
  kvReads: number;
  kvWrites: number;
}

export function noCounts(): Counts {
  return {
    ...{ requests: 0, objectRequests: 0, objectRowsRead: 0, objectRowsWritten: 0 },
    ...{ d1RowsRead: 0, d1RowsWritten: 0, kvReads: 0, kvWrites: 0 },
  };
}

export function subtract(after: Counts, before: Counts): Counts {
  const difference = noCounts();
  for (const name of Object.keys(difference) as (keyof Counts)[]) {
    difference[name] = after[name] - before[name];
  }
  return difference;
}
