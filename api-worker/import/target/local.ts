import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ImportFailure } from "../failure.ts";
import type { DatabaseName, Statement, Target } from "../model.ts";
import { rootDir } from "../root-dir.ts";
import { checkMigrations } from "./check-migrations.ts";
import { startLocalRuntime } from "./local-runtime.ts";

const migrateCommand = "npx -y pnpm@12.21.0 db:migrate";

export interface LocalTargetOptions {
  /** Absolute path of the local storage (`STATE_DIR`). */
  readonly stateDir: string;
  /** Those of wrangler.toml when they are left out. */
  readonly bindings?: ProductBindings;
}

/**
 * Opens D1 and R2 of the product on this machine. A stack on the same folder (`dev`, `preview`) should
 * be stopped: it would wait for the import's batches, and the import for its.
 *
 * @throws {ImportFailure} when there is no database, or it is not of this version
 */
export async function openLocalTarget({ stateDir, bindings }: LocalTargetOptions): Promise<Target> {
  const storageDir = join(stateDir, "v3");
  if (!existsSync(join(storageDir, "d1"))) {
    throw new ImportFailure(
      `There is no database in ${stateDir}. Make it with \`${migrateCommand}\` (with the same STATE_DIR), then run the import again.`,
    );
  }
  const { compatibilityDate, databaseIds, bucket } = bindings ?? (await readBindings());
  const runtime = await startLocalRuntime({ storageDir, databaseIds, bucket, compatibilityDate });
  const target: Target = {
    isOneDatabase: databaseIds.home === databaseIds.content,
    async query<Row>(database: DatabaseName, statement: Statement) {
      const [result] = await runtime.run(database, [statement]);
      return (result?.results ?? []) as readonly Row[];
    },
    async batch(database, statements) {
      if (statements.length > 0) await runtime.run(database, statements);
    },
    files: {
      put: (key, bytes, mediaType) => runtime.put(key, bytes, mediaType),
      async get(key) {
        const response = await runtime.get(key);
        return response && new Uint8Array(await response.arrayBuffer());
      },
      async has(key) {
        const response = await runtime.get(key);
        await response?.body?.cancel();
        return response !== null;
      },
      async delete(keys) {
        for (const key of keys) await runtime.delete(key);
      },
    },
    close: () => runtime.close(),
  };
  try {
    await checkMigrations(target, migrateCommand);
  } catch (error) {
    await target.close();
    throw error;
  }
  return target;
}

/** What the import needs of wrangler.toml. */
interface ProductConfig {
  readonly compatibility_date: string;
  readonly d1_databases: readonly { readonly binding: string; readonly database_id?: string }[];
  readonly r2_buckets: readonly { readonly binding: string; readonly bucket_name?: string }[];
}

/** A process of its own reads the file: the library that knows its format takes 200 MB of memory. */
const printConfig = `
  import { unstable_readConfig } from "wrangler";
  console.log(JSON.stringify(unstable_readConfig({ config: "wrangler.toml" })));`;

export interface ProductBindings {
  readonly compatibilityDate: string;
  readonly databaseIds: Readonly<Record<DatabaseName, string>>;
  readonly bucket: string;
}

/**
 * Reads the names of the product's resources in wrangler.toml, by which the local runtime names its
 * files too.
 *
 * @throws {ImportFailure} when one is missing
 */
export async function readBindings(): Promise<ProductBindings> {
  const args = ["--input-type=module", "--eval", printConfig];
  const options = { cwd: rootDir, env: { ...process.env, WRANGLER_SEND_METRICS: "false" } };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  const config: ProductConfig = JSON.parse(stdout);
  const idOf = (binding: string): string => {
    const database = config.d1_databases.find((one) => one.binding === binding);
    if (!database?.database_id) {
      throw new ImportFailure(`wrangler.toml has no database ${binding}.`);
    }
    return database.database_id;
  };
  const bucket = config.r2_buckets.find(({ binding }) => binding === "FILES")?.bucket_name;
  if (!bucket) throw new ImportFailure("wrangler.toml has no bucket FILES.");
  return {
    compatibilityDate: config.compatibility_date,
    databaseIds: { home: idOf("HOME"), content: idOf("CONTENT_0") },
    bucket,
  };
}
