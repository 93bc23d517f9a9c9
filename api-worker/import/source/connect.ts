import { Client } from "pg";
import type { RawRow } from "../model.ts";
import { SourceError, toSourceError } from "./source-error.ts";

/** How long the first answer of a server is waited for, in ms. A sleeping Neon database wakes in less. */
const connectMaxMs = 30_000;

/**
 * Settings under which a value has always the same text, whatever the server's are, and without a
 * bound on the time of a statement: the digests read every row.
 */
const settings = [
  "SET DateStyle = 'ISO, YMD'",
  "SET IntervalStyle = 'iso_8601'",
  "SET TimeZone = 'UTC'",
  "SET extra_float_digits = 1",
  "SET bytea_output = 'hex'",
  "SET client_encoding = 'UTF8'",
  "SET xmloption = 'content'",
  "SET standard_conforming_strings = on",
  "SET statement_timeout = 0",
  "SET lock_timeout = 0",
  "SET idle_in_transaction_session_timeout = 0",
];

/** A connection that stands in one read-only snapshot of the database. */
export interface Connection {
  readonly client: Client;
  /** The address without user and password, for messages. */
  readonly host: string;
  query<Row = RawRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/**
 * Opens a connection and its snapshot. Every value of every type comes as text.
 *
 * @param url a `postgres:` address
 * @throws SourceError with what to do
 */
export async function connect(url: string): Promise<Connection> {
  const { host, pathname } = new URL(url);
  const place = `${host}${pathname}`;
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectMaxMs,
    application_name: "alleato-import",
    types: { getTypeParser: () => (text: string) => text } as never,
  });
  // Without a listener a connection that breaks while nothing is asked would end the process.
  client.on("error", () => {});
  const query = async <Row>(text: string, values?: readonly unknown[]): Promise<Row[]> => {
    try {
      return (await client.query(text, values as unknown[])).rows as Row[];
    } catch (error) {
      throw toSourceError(error, place);
    }
  };
  try {
    await client.connect();
  } catch (error) {
    throw toSourceError(error, place);
  }
  for (const setting of settings) await query(setting);
  await query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const [encoding] = await query<{ encoding: string }>(
    "SELECT pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()",
  );
  if (encoding?.encoding === "SQL_ASCII") {
    throw new SourceError(
      `The old database at ${place} has no encoding (SQL_ASCII), so its text cannot be read for certain.`,
    );
  }
  return { client, host: place, query, close: () => client.end() };
}
