import { join } from "node:path";
import { storageDir } from "./wrangler.ts";
import { readWranglerToml } from "./wrangler-toml.ts";

/** The databases and buckets of wrangler.toml in local storage, as a worker has them. */
export interface LocalBindings<Bindings> {
  readonly env: Bindings;
  close(): Promise<void>;
}

interface StorageConfig {
  readonly compatibility_date: string;
  readonly d1_databases: readonly { readonly binding: string; readonly database_id: string }[];
  readonly r2_buckets: readonly { readonly binding: string; readonly bucket_name: string }[];
}

/**
 * Opens local storage. A stack may run on it meanwhile.
 *
 * @param stateDir absolute path of the local storage
 */
export async function openLocalBindings<Bindings>(
  stateDir: string,
): Promise<LocalBindings<Bindings>> {
  // Only here, because it takes most of a second to load.
  const { convertV4MiniflareOptions, Miniflare } = await import("miniflare");
  const config = readWranglerToml<StorageConfig>();
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      name: "scripts",
      modules: true,
      script: "export default {};",
      compatibilityDate: config.compatibility_date,
      d1Databases: Object.fromEntries(
        config.d1_databases.map(({ binding, database_id }) => [binding, database_id]),
      ),
      r2Buckets: Object.fromEntries(
        config.r2_buckets.map(({ binding, bucket_name }) => [binding, bucket_name]),
      ),
      resourcePersistencePath: storageDir(stateDir),
      resourceTmpPath: join(stateDir, "tmp"),
    }),
  );
  try {
    return { env: await runtime.getBindings<Bindings>(), close: () => runtime.dispose() };
  } catch (error) {
    await runtime.dispose();
    throw error;
  }
}
