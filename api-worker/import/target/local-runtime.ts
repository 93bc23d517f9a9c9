import { createRequire } from "node:module";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import type { DatabaseName, Statement } from "../model.ts";
import { D1Error } from "./d1-error.ts";

/**
 * D1 and R2 of the local runtime, reached through a worker of a few lines that takes a whole batch in
 * one request. The runtime's own proxies for Node take a round trip for each statement.
 */
export interface LocalRuntime {
  /** Runs statements in order, all or none. @returns the rows of each, and what D1 counted */
  run(
    database: DatabaseName,
    statements: readonly Statement[],
  ): Promise<readonly StatementResult[]>;
  put(key: string, bytes: Uint8Array, mediaType: string): Promise<void>;
  /** @returns the object's answer; its body has to be read or cancelled. null for a missing one */
  get(key: string): Promise<Response | null>;
  delete(key: string): Promise<void>;
  close(): Promise<void>;
}

export interface StatementResult {
  readonly results: readonly Readonly<Record<string, unknown>>[];
  readonly meta: { readonly rows_read?: number; readonly rows_written?: number };
}

export interface LocalRuntimeOptions {
  /** Absolute path of the folder that keeps databases and files; without it they are in memory. */
  readonly storageDir?: string;
  /** The ids of the databases in wrangler.toml. The same id twice is one database. */
  readonly databaseIds: Readonly<Record<DatabaseName, string>>;
  readonly bucket: string;
  readonly compatibilityDate: string;
}

const script = `
  const keyOf = (url) => decodeURIComponent(url.pathname.slice("/files/".length));
  async function run(request, env) {
    const { database, statements } = await request.json();
    const d1 = database === "home" ? env.HOME : env.CONTENT;
    try {
      const prepared = statements.map(({ sql, params }) => d1.prepare(sql).bind(...params));
      const results = await d1.batch(prepared);
      return Response.json(results.map(({ results, meta }) => ({ results, meta })));
    } catch (error) {
      return new Response(String(error?.message ?? error), { status: 422 });
    }
  }
  async function serveFile(request, env, key) {
    switch (request.method) {
      case "PUT":
        await env.FILES.put(key, await request.arrayBuffer(), {
          httpMetadata: { contentType: request.headers.get("content-type") },
        });
        return new Response(null, { status: 204 });
      case "DELETE":
        await env.FILES.delete(key);
        return new Response(null, { status: 204 });
      default: {
        const object = await env.FILES.get(key);
        if (!object) return new Response("There is no such object.", { status: 404 });
        const type = object.httpMetadata?.contentType ?? "application/octet-stream";
        return new Response(object.body, { headers: { "content-type": type } });
      }
    }
  }
  export default {
    fetch(request, env) {
      const url = new URL(request.url);
      return url.pathname === "/run" ? run(request, env) : serveFile(request, env, keyOf(url));
    },
  };`;

/**
 * Has the runtime's program run by a shell script that ends it with this process. Windows has no such
 * shell, and there a killed import leaves the program behind.
 */
function endWithThisProcess(): void {
  if (process.platform === "win32" || process.env.MINIFLARE_WORKERD_PATH) return;
  // The version that Miniflare depends on.
  const ofMiniflare = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  const workerd = ofMiniflare("workerd") as { readonly default: string };
  process.env.WORKERD_PROGRAM = workerd.default;
  process.env.MINIFLARE_WORKERD_PATH = join(import.meta.dirname, "workerd.sh");
}

/** Starts the runtime. It ends with {@link LocalRuntime.close}, or with this process. */
export async function startLocalRuntime(options: LocalRuntimeOptions): Promise<LocalRuntime> {
  const { storageDir, databaseIds, bucket, compatibilityDate } = options;
  endWithThisProcess();
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      log: new Log(LogLevel.ERROR),
      ...(storageDir !== undefined && { resourcePersistencePath: storageDir }),
      workers: [
        {
          name: "import",
          modules: [{ type: "ESModule", path: "/import.js", contents: script }],
          modulesRoot: "/",
          compatibilityDate,
          d1Databases: { HOME: databaseIds.home, CONTENT: databaseIds.content },
          r2Buckets: { FILES: bucket },
        },
      ],
    }),
  );
  const base = await runtime.ready;
  const fileUrl = (key: string) => new URL(`/files/${encodeURIComponent(key)}`, base);
  return {
    run: (database, statements) => runIn(base, database, statements),
    put: async (key, bytes, mediaType) => {
      const headers = { "content-type": mediaType };
      await expectOk(
        await fetch(fileUrl(key), { method: "PUT", body: bytes as BodyInit, headers }),
      );
    },
    get: async (key) => {
      const response = await fetch(fileUrl(key));
      if (response.status !== 404) return await expectOk(response);
      await response.body?.cancel();
      return null;
    },
    delete: async (key) => {
      await expectOk(await fetch(fileUrl(key), { method: "DELETE" }));
    },
    close: () => runtime.dispose(),
  };
}

async function runIn(
  base: URL,
  database: DatabaseName,
  statements: readonly Statement[],
): Promise<readonly StatementResult[]> {
  const body = JSON.stringify({ database, statements });
  const response = await fetch(new URL("/run", base), { method: "POST", body });
  if (response.status === 422) throw new D1Error(await response.text());
  return (await (await expectOk(response)).json()) as readonly StatementResult[];
}

/** @throws Error with the runtime's words for an answer that is none */
async function expectOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new Error(`The local runtime failed: ${await response.text()}`);
}
