/** Captures the worker's log during a test. Set up by setup.ts for every test file. */

/** A line of the worker's log, or other output as `text`. */
export interface LogLine {
  readonly level?: string;
  readonly event?: string;
  readonly text: string;
  readonly [field: string]: unknown;
}

let errors: LogLine[] = [];
let infos: LogLine[] = [];

const { log } = console;

/** Keeps errors for the test, and hides lines of level info. May be called again. */
export function watchLogs(): void {
  console.error = (...values: unknown[]) => {
    errors.push(parseLine(values));
  };
  console.log = (...values: unknown[]) => {
    const line = parseLine(values);
    if (line.level === "info") infos.push(line);
    else log(...values);
  };
}

/**
 * Returns the errors logged so far. A test that expects errors must take them; any other error
 * fails the test.
 */
export function takeErrors(): LogLine[] {
  const taken = errors;
  errors = [];
  return taken;
}

/** Returns the lines of level info so far. */
export function takeInfos(): LogLine[] {
  const taken = infos;
  infos = [];
  return taken;
}

function parseLine(values: unknown[]): LogLine {
  const text = values.map((value) => describe(value)).join(" ");
  try {
    const fields: unknown = JSON.parse(text);
    return typeof fields === "object" && fields !== null ? { ...fields, text } : { text };
  } catch {
    return { text };
  }
}

function describe(value: unknown): string {
  return value instanceof Error ? (value.stack ?? value.message) : String(value);
}
