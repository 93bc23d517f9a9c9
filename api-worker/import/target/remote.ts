import type { DatabaseName, Statement, Target, TargetFiles } from "../model.ts";
import { checkMigrations } from "./check-migrations.ts";
import { type ApiOptions, CloudflareApi } from "./cloudflare-api.ts";
import { D1Error } from "./d1-error.ts";

export interface RemoteOptions extends Omit<ApiOptions, "apiUrl"> {
  /** The same id twice is one database. */
  readonly databaseIds: Readonly<Record<DatabaseName, string>>;
  readonly bucket: string;
  /** What the operator runs to apply missing migrations. */
  readonly migrateCommand: string;
  /** Cloudflare's own address when it is not given. */
  readonly apiUrl?: string;
}

const cloudflareUrl = "https://api.cloudflare.com/client/v4";

/**
 * Opens D1 and R2 of an account, over the API that wrangler uses too. Its documentation says that the
 * statements of a request are a batch, and does not promise in as many words that they are all or
 * nothing, as it does for workers. The import does not need the promise: its batches are ordered so
 * that they may end after any statement, and can be repeated.
 *
 * @throws {ImportFailure} when the token or an id is wrong, or the databases are not of this version
 * @see https://developers.cloudflare.com/api/resources/d1/subresources/database/methods/query/
 */
export async function openRemoteTarget(options: RemoteOptions): Promise<Target> {
  const { databaseIds, bucket } = options;
  const api = new CloudflareApi({ ...options, apiUrl: options.apiUrl ?? cloudflareUrl });
  const target: Target = {
    isOneDatabase: databaseIds.home === databaseIds.content,
    async query<Row>(database: DatabaseName, statement: Statement) {
      const [rows] = await ask(api, databaseIds[database], [statement]);
      return (rows ?? []) as readonly Row[];
    },
    async batch(database, statements) {
      if (statements.length > 0) await ask(api, databaseIds[database], statements);
    },
    files: openFiles(api, bucket),
    close: async () => {},
  };
  await checkMigrations(target, options.migrateCommand);
  return target;
}

interface QueryAnswer {
  readonly success: boolean;
  readonly errors?: readonly { readonly message?: string }[];
  readonly result?: readonly {
    readonly success: boolean;
    readonly results?: readonly unknown[];
  }[];
}

/** @returns the rows of each statement */
async function ask(
  api: CloudflareApi,
  databaseId: string,
  statements: readonly Statement[],
): Promise<readonly (readonly unknown[])[]> {
  // An empty list of parameters is refused by some versions of the API.
  const batch = statements.map(({ sql, params }) =>
    params.length > 0 ? { sql, params } : { sql },
  );
  const request = {
    method: "POST",
    path: `/d1/database/${encodeURIComponent(databaseId)}/query`,
    body: JSON.stringify(batch.length === 1 ? batch[0] : { batch }),
    mediaType: "application/json",
    subject: `D1 database ${databaseId}`,
  } as const;
  const rows = await api.request(request, async (response) => {
    const answer = (await response.json()) as QueryAnswer;
    const isWhole =
      answer.success &&
      answer.result?.length === statements.length &&
      answer.result.every(({ success }) => success);
    if (isWhole) return answer.result?.map(({ results }) => results ?? []);
    const words = answer.errors?.map(({ message }) => message).join(" ");
    throw new D1Error(words || "D1 did not run all statements of a batch.");
  });
  return rows ?? [];
}

function openFiles(api: CloudflareApi, bucket: string): TargetFiles {
  const about = (key: string) => ({
    path: `/r2/buckets/${encodeURIComponent(bucket)}/objects/${key.split("/").map(encodeURIComponent).join("/")}`,
    subject: `R2 bucket ${bucket}`,
  });
  const discard = async (response: Response) => {
    await response.body?.cancel();
    return true;
  };
  return {
    async put(key, bytes, mediaType) {
      await api.request({ method: "PUT", ...about(key), body: bytes, mediaType }, discard);
    },
    get(key) {
      const request = { method: "GET", ...about(key), mayBeMissing: true } as const;
      return api.request(request, async (response) => new Uint8Array(await response.arrayBuffer()));
    },
    async has(key) {
      const request = { method: "GET", ...about(key), mayBeMissing: true } as const;
      return (await api.request(request, discard)) !== null;
    },
    async delete(keys) {
      for (const key of keys) {
        await api.request({ method: "DELETE", ...about(key), mayBeMissing: true }, discard);
      }
    },
  };
}
