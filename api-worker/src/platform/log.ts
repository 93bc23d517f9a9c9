import type { LogEvent } from "./log-events.ts";

type LogValue = string | number | boolean | null | undefined;
export type LogFields = Readonly<Record<string, LogValue>>;

/** One JSON object a line; Workers Logs indexes the fields. */
export interface Logger {
  info(event: LogEvent, fields?: LogFields): void;
  warn(event: LogEvent, fields?: LogFields): void;
  /** `error` goes to the log with its stack, never to a client. */
  error(event: LogEvent, error: unknown, fields?: LogFields): void;
  /** A logger that adds `fields` to each of its lines. */
  with(fields: LogFields): Logger;
}

/** @param base fields of every line, for example the request id */
export function createLogger(base: LogFields = {}): Logger {
  const line = (level: string, event: LogEvent, fields?: LogFields) =>
    JSON.stringify({ level, event, ...base, ...fields });
  return {
    info: (event, fields) => console.log(line("info", event, fields)),
    warn: (event, fields) => console.warn(line("warn", event, fields)),
    error: (event, error, fields) =>
      console.error(line("error", event, { ...fields, error: describeError(error) })),
    with: (fields) => createLogger({ ...base, ...fields }),
  };
}

/** The stack of an error and of its causes, as one string. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? own : `${own}\ncaused by ${describeError(error.cause)}`;
}
