import { ScriptError } from "../failure.ts";
import { openLocalBindings } from "../local-bindings.ts";
import { readWranglerToml } from "../wrangler-toml.ts";
import {
  type Bucket,
  groupBindings,
  type ListedObject,
  meaningfulHttp,
  type Row,
  type Statement,
  type Storage,
  textsOf,
} from "./storage.ts";

/** The parts of the worker's bindings that are used here. */
interface D1 {
  prepare(sql: string): { bind(...params: unknown[]): unknown };
  batch(statements: readonly unknown[]): Promise<readonly { readonly results: readonly Row[] }[]>;
}
type Metadata = Readonly<Record<string, unknown>>;
interface R2 {
  list(options: object): Promise<{
    readonly objects: readonly {
      readonly key: string;
      readonly size: number;
      readonly etag: string;
      readonly httpMetadata?: Metadata;
      readonly customMetadata?: Metadata;
    }[];
    readonly truncated: boolean;
    readonly cursor?: string;
  }>;
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  put(key: string, bytes: Uint8Array, options: object): Promise<unknown>;
  delete(key: string): Promise<void>;
}

interface Config {
  readonly d1_databases: readonly { readonly binding: string; readonly database_id: string }[];
}

/**
 * Opens the databases and the bucket of wrangler.toml in local storage. A stack may run on it.
 *
 * @param stateDir absolute path of the local storage, which is made if need be
 */
export async function openLocalStorage(stateDir: string): Promise<Storage> {
  const { env, close } = await openLocalBindings<Readonly<Record<string, unknown>>>(stateDir);
  const databases = groupBindings(readWranglerToml<Config>().d1_databases).map(({ name }) => ({
    name,
    run: (statements: readonly Statement[]) => runLocally(name, env[name] as D1, statements),
  }));
  return { place: stateDir, databases, bucket: localBucket(env.FILES as R2), close };
}

async function runLocally(
  name: string,
  database: D1,
  statements: readonly Statement[],
): Promise<readonly (readonly Row[])[]> {
  try {
    const all = statements.map(({ sql, params = [] }) => database.prepare(sql).bind(...params));
    return (await database.batch(all)).map(({ results }) => results);
  } catch (error) {
    throw new ScriptError(`The database ${name} refused a statement:\n${(error as Error).message}`);
  }
}

function localBucket(bucket: R2): Bucket {
  return {
    async list(prefix, cursor) {
      const page = await bucket.list({
        prefix,
        ...(cursor !== null && { cursor }),
        include: ["httpMetadata", "customMetadata"],
      });
      const objects = page.objects.map(
        ({ key, size, etag, httpMetadata, customMetadata }): ListedObject => ({
          ...{ key, size, etag },
          http: meaningfulHttp(textsOf(httpMetadata)),
          custom: textsOf(customMetadata),
        }),
      );
      return { objects, cursor: page.truncated ? (page.cursor ?? null) : null };
    },
    async get(key) {
      const object = await bucket.get(key);
      return object && new Uint8Array(await object.arrayBuffer());
    },
    async put(key, bytes, { http, custom }) {
      const { cacheExpiry, ...others } = http;
      await bucket.put(key, bytes, {
        httpMetadata: {
          ...others,
          ...(cacheExpiry !== undefined && { cacheExpiry: new Date(cacheExpiry) }),
        },
        customMetadata: custom,
      });
    },
    delete: (key) => bucket.delete(key),
  };
}
