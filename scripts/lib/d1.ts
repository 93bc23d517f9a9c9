import { z } from "zod";
import { queryCloud } from "./cloudflare/import-sql.ts";
import type { Session } from "./cloudflare/login.ts";
import { requireResources } from "./cloudflare/target.ts";
import { ScriptError } from "./failure.ts";
import { openLocalBindings } from "./local-bindings.ts";
import { readWranglerToml } from "./wrangler-toml.ts";

/** The databases of wrangler.toml, in local storage or in the account. */
export interface Databases {
  /**
   * Runs statements, all of them or none.
   *
   * @param binding such as `HOME`
   * @param statements in order. Text in one goes through {@link sqlText}
   * @param row what each row of the last statement has
   * @returns the rows of the last statement
   * @throws {ScriptError} with the database's words, when one fails
   */
  query<Row>(
    binding: string,
    statements: readonly string[],
    row: z.ZodType<Row>,
  ): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** The databases of an environment. @throws {ScriptError} when nothing was set up there */
export function openCloudDatabases({ api, target }: Session): Databases {
  const { databases } = requireResources(target);
  return {
    query(binding, statements, row) {
      const database = databases.find((one) => one.binding === binding);
      if (!database) throw new ScriptError(`wrangler.toml has no database ${binding}.`);
      return queryCloud(api, database.database_id, statements, row);
    },
    close: async () => {},
  };
}

/** The part of the worker's binding that is used here. */
interface LocalDatabase {
  prepare(statement: string): unknown;
  batch(statements: readonly unknown[]): Promise<{ results: readonly unknown[] }[]>;
}

/** @param stateDir absolute path of the local storage */
export async function openLocalDatabases(stateDir: string): Promise<Databases> {
  type Bindings = Readonly<Record<string, LocalDatabase>>;
  const { env, close } = await openLocalBindings<Bindings>(stateDir);
  return {
    async query(binding, statements, row) {
      const database = env[binding];
      if (!database) throw new ScriptError(`wrangler.toml has no database ${binding}.`);
      const all = statements.map((statement) => database.prepare(statement));
      const results = await database.batch(all).catch((error: Error) => {
        throw new ScriptError(`The database ${binding} refused a statement:\n${error.message}`);
      });
      return z.array(row).parse(results.at(-1)?.results ?? []);
    },
    close,
  };
}

/** The bindings of the databases that hold chats. */
export function contentBindings(): string[] {
  const config = readWranglerToml<{ d1_databases: readonly { binding: string }[] }>();
  const bindings = config.d1_databases.map(({ binding }) => binding);
  return bindings.filter((binding) => /^CONTENT_\d+$/.test(binding));
}

/** An SQL expression for a text, in which no character has a special meaning. */
export function sqlText(text: string): string {
  return `CAST(x'${Buffer.from(text).toString("hex")}' AS TEXT)`;
}
