/** What the worker logs while a test runs. Set up by setup.ts for every test file. */

/** A line of the worker's log, or whatever else was written, as `text`. */
export interface LogLine {
  readonly level?: string;
  readonly event?: string;
  readonly text: string;
  readonly [field: string]: unknown;
}

let errors: LogLine[] = [];
let infos: LogLine[] = [];

/** Keeps errors for the test to look at, and lines of level info off the screen. */
export function watchLogs(): void {
  const { log } = console;
  console.error = (...values: unknown[]) => {
    errors.push(parseLine(values));
  };
  console.log = (...values: unknown[]) => {
    const line = parseLine(values);
    if (line.level === "info") infos.push(line);
    else log(...values);
  };
}

/** Hands out the errors logged so far. A test that expects one takes it; any other fails by it. */
export function takeErrors(): LogLine[] {
  const taken = errors;
  errors = [];
  return taken;
}

/** Hands out the lines of level info so far. */
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
