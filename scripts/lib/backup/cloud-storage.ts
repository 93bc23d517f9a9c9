import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { RequestPace } from "../../../api-worker/import/target/request-pace.ts";
import type { CloudflareApi } from "../cloudflare/api.ts";
import type { Session } from "../cloudflare/login.ts";
import { requireResources } from "../cloudflare/target.ts";
import { ScriptError } from "../failure.ts";
import {
  type Bucket,
  groupBindings,
  meaningfulHttp,
  type Row,
  type Statement,
  type Storage,
  textsOf,
} from "./storage.ts";

const value = z.union([z.string(), z.number(), z.null()]);
const queryResults = z.array(
  z.object({ success: z.boolean(), results: z.array(z.record(z.string(), value)).default([]) }),
);
const listedObjects = z.array(
  z.object({
    key: z.string(),
    size: z.number(),
    etag: z.string(),
    http_metadata: z.record(z.string(), z.unknown()).nullish(),
    custom_metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
);

/** Cloudflare takes 1,200 requests in five minutes from a token. */
const pace = { requests: 1_100, windowMs: 300_000 };

/** The headers of HTTP metadata, by their names in R2. */
const headerNames: Readonly<Record<string, string>> = {
  contentType: "content-type",
  contentLanguage: "content-language",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  cacheControl: "cache-control",
  cacheExpiry: "expires",
};

/**
 * Opens the databases and the bucket of an environment. Calls that fail are repeated, and all of them
 * stay below the rate that Cloudflare takes.
 *
 * @throws {ScriptError} when nothing was set up there
 */
export function openCloudStorage({ api, target }: Session): Storage {
  const { accountId, environment, databases, bucketName } = requireResources(target);
  const paced = withPace(api);
  return {
    place: `${accountId}/${environment}`,
    databases: groupBindings(databases).map(({ name, databaseId }) => ({
      name,
      run: (statements: readonly Statement[]) => runInCloud(paced, databaseId, statements),
    })),
    bucket: cloudBucket(paced, bucketName),
    close: async () => {},
  };
}

/** Opens any bucket of the account. */
export function openCloudBucket({ api }: Session, name: string): Bucket {
  return cloudBucket(withPace(api), name);
}

/** Lets each call wait for its turn. */
function withPace(api: CloudflareApi): () => Promise<CloudflareApi> {
  const clock = { now: () => performance.now(), sleep: (ms: number) => sleep(ms) };
  const turns = new RequestPace(clock, pace.requests, pace.windowMs);
  return async () => {
    await turns.take();
    return api;
  };
}

async function runInCloud(
  paced: () => Promise<CloudflareApi>,
  databaseId: string,
  statements: readonly Statement[],
): Promise<readonly (readonly Row[])[]> {
  const batch = statements.map(({ sql, params = [] }) =>
    // An empty list of parameters is refused by some versions of the API.
    params.length > 0 ? { sql, params } : { sql },
  );
  const body = batch.length === 1 ? batch[0] : { batch };
  const path = `/d1/database/${databaseId}/query`;
  // Every other statement of a backup and of a restore may be run twice.
  const canRepeat = !statements.some(({ sql }) => /^\s*CREATE\b/i.test(sql));
  const results = await (await paced()).post(path, body, queryResults, canRepeat);
  if (results.length !== statements.length || results.some(({ success }) => !success)) {
    throw new ScriptError("D1 did not run all statements of a batch.");
  }
  return results.map((one) => one.results);
}

function cloudBucket(paced: () => Promise<CloudflareApi>, name: string): Bucket {
  const bucket = `/r2/buckets/${encodeURIComponent(name)}/objects`;
  const pathOf = (key: string) => `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  return {
    async list(prefix, cursor) {
      const query = new URLSearchParams({ per_page: "1000" });
      if (prefix !== "") query.set("prefix", prefix);
      if (cursor !== null) query.set("cursor", cursor);
      const page = await (await paced()).getPage(`${bucket}?${query}`, listedObjects);
      const objects = page.result.map(({ http_metadata, custom_metadata, ...object }) => ({
        ...object,
        http: meaningfulHttp(textsOf(http_metadata)),
        custom: textsOf(custom_metadata),
      }));
      return { objects, cursor: page.cursor };
    },
    async get(key) {
      const response = await (await paced()).getObject(pathOf(key));
      return response && new Uint8Array(await response.arrayBuffer());
    },
    async put(key, bytes, { http, custom }) {
      if (Object.keys(custom).length > 0) {
        throw new ScriptError(
          `The object ${key} has metadata of its own (${Object.keys(custom).join(", ")}), which Cloudflare’s API cannot write.`,
        );
      }
      const headers = Object.entries(http).flatMap(([field, text]) => {
        const header = headerNames[field];
        return header === undefined ? [] : [[header, text]];
      });
      const { "content-type": type = "application/octet-stream", ...others } =
        Object.fromEntries(headers);
      await (await paced()).putObject(pathOf(key), bytes, type, others);
    },
    async delete(key) {
      await (await paced()).deleteObject(pathOf(key));
    },
  };
}
