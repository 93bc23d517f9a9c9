type LogValue = string | number | boolean | null | undefined;
export type LogFields = Readonly<Record<string, LogValue>>;
/** One JSON object a line; Workers Logs indexes the fields. */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `error` goes to the log with its stack, never to a client. */
  error(event: string, error: unknown, fields?: LogFields): void;
  /** A logger that adds `fields` to each of its lines. */
  with(fields: LogFields): Logger;
}
/** @param base fields of every line, for example the request id */
export declare function createLogger(base?: LogFields): Logger;
