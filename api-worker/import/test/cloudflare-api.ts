import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { DatabaseName, Statement } from "../model.ts";
import { D1Error } from "../target/d1-error.ts";
import { type LocalRuntime, startLocalRuntime } from "../target/local-runtime.ts";

/** What goes wrong with a request. */
export type Fault =
  /** Too many requests. */
  | { readonly kind: "429"; readonly retryAfterSeconds?: number }
  | { readonly kind: "500" }
  /** D1's own words for something that passes, with a status that says nothing. */
  | { readonly kind: "d1"; readonly message: string }
  /** The connection breaks before anything is done. */
  | { readonly kind: "cut-before" }
  /** The connection breaks when everything is done. */
  | { readonly kind: "cut-after" }
  /** It breaks in the middle of the answer. */
  | { readonly kind: "cut-within-answer" }
  /** It breaks after the first statements of a batch, which stay done. */
  | { readonly kind: "cut-after-statements"; readonly count: number }
  /** There is no answer until the client gives up. */
  | { readonly kind: "silence" };

export interface ApiStandIn {
  readonly url: string;
  readonly token: string;
  readonly accountId: string;
  readonly databaseIds: Readonly<Record<DatabaseName, string>>;
  readonly bucket: string;
  /** The requests so far. */
  readonly requests: readonly { readonly method: string; readonly path: string }[];
  /** Statements that D1 ran. */
  readonly statementCount: number;
  /** What is to go wrong with a request, by its number from 0 on; undefined: nothing. */
  faultOf: (index: number) => Fault | undefined;
  close(): Promise<void>;
}

export interface StandInOptions {
  /** Absolute path of the folder with databases and files. */
  readonly storageDir: string;
  readonly compatibilityDate: string;
  readonly databaseIds: Readonly<Record<DatabaseName, string>>;
  readonly bucket: string;
}

/** Bounds of D1. The number of statements is not documented. */
const bounds = { sqlBytes: 100_000, params: 100, valueBytes: 2_000_000, statements: 100 };

class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Plays the part of Cloudflare's API for D1 and R2, over those of the local runtime. It refuses what
 * the platform refuses, and a statement that is several.
 */
export async function startApiStandIn(options: StandInOptions): Promise<ApiStandIn> {
  const runtime = await startLocalRuntime(options);
  const api = new StandIn(runtime, options);
  const server = createServer((request, response) => void api.serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(api, {
    url: `http://127.0.0.1:${port}/client/v4`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await runtime.close();
    },
  });
}

class StandIn {
  readonly token = "a-token-for-tests";
  readonly accountId = "0123456789abcdef0123456789abcdef";
  readonly databaseIds: Readonly<Record<DatabaseName, string>>;
  readonly bucket: string;
  readonly requests: { method: string; path: string }[] = [];
  statementCount = 0;
  faultOf: (index: number) => Fault | undefined = () => undefined;
  readonly #runtime: LocalRuntime;

  constructor(runtime: LocalRuntime, { databaseIds, bucket }: StandInOptions) {
    this.#runtime = runtime;
    this.databaseIds = databaseIds;
    this.bucket = bucket;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const fault = this.faultOf(this.requests.length);
    this.requests.push({ method: request.method ?? "", path: pathname });
    try {
      const body = await buffer(request);
      if (fault && refuse(fault, response)) return;
      const answer = await this.#answer(request, pathname, body, fault);
      if (fault) return cut(fault, response);
      response.writeHead(200, { "content-type": answer.type }).end(answer.body);
    } catch (error) {
      const { status, code, message } =
        error instanceof Refusal ? error : { status: 500, code: 7500, message: String(error) };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ success: false, errors: [{ code, message }], result: null }));
    }
  }

  async #answer(request: IncomingMessage, pathname: string, body: Buffer, fault?: Fault) {
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      throw new Refusal(403, 9109, "Invalid access token");
    }
    const prefix = `/client/v4/accounts/${this.accountId}/`;
    if (!pathname.startsWith(prefix)) throw new Refusal(403, 10000, "Authentication error");
    const [product, ...path] = pathname.slice(prefix.length).split("/").map(decodeURIComponent);
    if (product === "d1" && request.method === "POST") return await this.#query(path, body, fault);
    if (product === "r2") return await this.#object(request, path, body);
    throw new Refusal(404, 7003, "No route for the URI");
  }

  async #query([, databaseId]: readonly string[], body: Buffer, fault?: Fault) {
    const { home, content } = this.databaseIds;
    if (databaseId !== home && databaseId !== content) {
      throw new Refusal(404, 7404, `The database ${databaseId} could not be found`);
    }
    const parsed = JSON.parse(body.toString()) as Statement | { batch: Statement[] };
    const sent = "batch" in parsed ? parsed.batch : [parsed];
    const statements = sent.map(({ sql, params = [] }) => ({ sql, params }));
    if (statements.length > bounds.statements) throw new Refusal(400, 7400, "Too many statements.");
    statements.forEach(check);
    const database = databaseId === content ? "content" : "home";
    const count = fault?.kind === "cut-after-statements" ? fault.count : statements.length;
    const results = await this.#run(database, statements, count);
    const result = results.map(({ results, meta }) => ({ success: true, results, meta }));
    return {
      type: "application/json",
      body: JSON.stringify({ success: true, errors: [], messages: [], result }),
    };
  }

  async #run(database: DatabaseName, statements: readonly Statement[], count: number) {
    try {
      if (count >= statements.length) {
        this.statementCount += statements.length;
        return await this.#runtime.run(database, statements);
      }
      // As if D1 took each for itself.
      for (const statement of statements.slice(0, count)) {
        this.statementCount += 1;
        await this.#runtime.run(database, [statement]);
      }
      return [];
    } catch (error) {
      if (error instanceof D1Error) throw new Refusal(400, 7500, error.message);
      throw error;
    }
  }

  async #object({ method, headers }: IncomingMessage, path: readonly string[], body: Buffer) {
    const [, bucket, , ...key] = path;
    const name = key.join("/");
    if (bucket !== this.bucket) {
      throw new Refusal(404, 10006, "The specified bucket does not exist.");
    }
    const done = { type: "application/json", body: JSON.stringify({ success: true, result: {} }) };
    if (method === "PUT") {
      await this.#runtime.put(name, body, headers["content-type"] ?? "application/octet-stream");
      return done;
    }
    if (method === "DELETE") {
      await this.#runtime.delete(name);
      return done;
    }
    const object = await this.#runtime.get(name);
    if (!object) throw new Refusal(404, 10007, "The specified key does not exist.");
    const type = object.headers.get("content-type") ?? "";
    return { type, body: Buffer.from(await object.arrayBuffer()) };
  }
}

/** @throws Refusal for a statement that D1 does not take */
function check({ sql, params }: Statement): void {
  if (Buffer.byteLength(sql) > bounds.sqlBytes) {
    throw new Refusal(400, 7500, "statement too long: SQLITE_TOOBIG");
  }
  if (params.length > bounds.params) throw new Refusal(400, 7500, "too many SQL variables");
  for (const param of params) {
    if (typeof param === "string" && Buffer.byteLength(param) > bounds.valueBytes) {
      throw new Refusal(400, 7500, "string or blob too big: SQLITE_TOOBIG");
    }
  }
  const withoutTexts = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''");
  const isTrigger = /^\s*create\s+trigger/i.test(sql);
  if (!isTrigger && /;\s*\S/.test(withoutTexts)) {
    throw new Refusal(400, 7500, "A prepared SQL statement must contain only one statement.");
  }
}

/** Answers instead of the API. @returns whether it did */
function refuse(fault: Fault, response: ServerResponse): boolean {
  const answer = (status: number, message: string, headers: Record<string, string> = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ success: false, errors: [{ code: 7500, message }] }));
    return true;
  };
  switch (fault.kind) {
    case "429":
      return answer(429, "Please wait and consider throttling your request speed", {
        ...(fault.retryAfterSeconds !== undefined && {
          "retry-after": String(fault.retryAfterSeconds),
        }),
      });
    case "500":
      response.writeHead(500).end("<html>internal error</html>");
      return true;
    case "d1":
      return answer(400, fault.message);
    case "cut-before":
      response.destroy();
      return true;
    case "silence":
      return true;
    default:
      return false;
  }
}

/** Breaks the connection when the work is done. */
function cut(fault: Fault, response: ServerResponse): void {
  if (fault.kind !== "cut-within-answer") {
    response.destroy();
    return;
  }
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"success":', () => response.destroy());
}
