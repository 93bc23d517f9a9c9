/** A database of a test's own. */
import { Client } from "pg";
import { inject } from "vitest";
import { runSql } from "./postgres-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The server in which the import's tests make their databases. */
    postgresUrl: string;
  }
}

export interface TestPostgres {
  /** A `postgres:` address. */
  readonly url: string;
  /** Runs statements in a session of its own, also while others are open. */
  run(sql: string): Promise<void>;
  /** Runs statements in a schema, which is made when it does not exist. */
  runIn(schema: string, sql: string): Promise<void>;
  stop(): Promise<void>;
}

let count = 0;

/**
 * Makes an empty database.
 *
 * @param serverUrl the server; that of the import's tests when left out
 */
export async function startPostgres(serverUrl = inject("postgresUrl")): Promise<TestPostgres> {
  count += 1;
  const name = `test_${process.pid}_${count}`;
  await runSql(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  return {
    url: url.href,
    async run(sql) {
      await client.query(sql);
    },
    async runIn(schema, sql) {
      await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
      await client.query(`SET search_path TO "${schema}"; ${sql}`);
      await client.query("SET search_path TO public");
    },
    async stop() {
      await client.end();
      // A test that has failed may have left its own session open.
      await runSql(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
