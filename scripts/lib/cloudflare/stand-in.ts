/** A server in place of Cloudflare's API, for tests: what our scripts and wrangler call of it. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type Reply, refuse, reply, type StandInState } from "./stand-in-state.ts";
import { answerWorkers } from "./stand-in-workers.ts";

/** A failure of the next call that fits. */
export interface Fault {
  /** Method and path behind the account, such as `POST /d1/database`. */
  readonly call: RegExp;
  readonly status: number;
  readonly code: number;
  readonly message: string;
  /** Does what was asked for, and loses the answer. */
  readonly isAfterwards?: boolean;
}

export interface StandIn {
  /** For CLOUDFLARE_API_BASE_URL. */
  readonly url: string;
  readonly state: StandInState;
  /** Every call so far, without the account. */
  readonly calls: string[];
  failOnce(fault: Fault): void;
  stop(): Promise<void>;
}

export const standInToken = "the-token-of-the-stand-in";
export const standInAccount = "0123456789abcdef0123456789abcdef";

/** Starts the stand-in on a free port, with an empty account. */
export async function startCloudflareStandIn(): Promise<StandIn> {
  const state: StandInState = {
    hasR2: true,
    subdomain: "team",
    databases: new Map(),
    buckets: new Set(),
    objects: new Map(),
    types: new Map(),
    namespaces: new Map(),
    projects: new Map(),
    workers: new Map(),
    assets: new Map(),
    uploads: new Map(),
    url: "",
  };
  const calls: string[] = [];
  const faults: Fault[] = [];
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const url = new URL(request.url ?? "", state.url);
    const path = url.pathname.replace(`/accounts/${standInAccount}`, "");
    if (path.startsWith("/upload/")) return storeUpload(state, path, body, response);
    const call = `${request.method} ${path}${actionOf(path, body)}`;
    calls.push(call);
    const fault = faults.find((one) => one.call.test(call));
    if (fault) faults.splice(faults.indexOf(fault), 1);
    const isLate = fault === undefined || fault.isAfterwards;
    const answer = isLate ? await answerCall(state, { request, call, url, body }) : undefined;
    send(response, fault ? refuse(fault.status, fault.code, fault.message) : answer);
  });
  // A command may be busy for longer than the usual five seconds between two calls.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: state.url,
    state,
    calls,
    failOnce: (fault) => faults.push(fault),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The calls of one import have the same path. */
function actionOf(path: string, body: Buffer): string {
  return path.endsWith("/import") ? ` ${JSON.parse(body.toString()).action}` : "";
}

interface Call {
  readonly request: IncomingMessage;
  readonly call: string;
  readonly url: URL;
  readonly body: Buffer;
}

async function answerCall(state: StandInState, { request, call, url, body }: Call): Promise<Reply> {
  const authorization = request.headers.authorization;
  // Pages uploads files with a token of their own.
  if (authorization !== `Bearer ${standInToken}` && !call.includes("/pages/assets/")) {
    return refuse(401, 10000, "Authentication error");
  }
  if (call.includes("/objects")) return answerObject(state, call, url, { body, request });
  const json = request.headers["content-type"]?.startsWith("application/json")
    ? JSON.parse(body.toString() || "null")
    : null;
  return (
    answerD1(state, call, url, json) ??
    answerStorage(state, call, url, json) ??
    (await answerWorkers(state, call, { json, body, type: request.headers["content-type"] })) ??
    refuse(404, 7003, `Could not route to ${call}, perhaps your object identifier is invalid?`)
  );
}

function answerObject(
  { buckets, objects, types }: StandInState,
  call: string,
  url: URL,
  { body, request }: Pick<Call, "body" | "request">,
): Reply {
  const [, method, bucket = "", key = ""] =
    /^(GET|PUT|DELETE) \/r2\/buckets\/([\w-]+)\/objects\/?(.*)$/.exec(call) ?? [];
  if (!buckets.has(bucket)) return refuse(404, 10006, "The specified bucket does not exist.");
  const path = `${bucket}/${decodeURIComponent(key)}`;
  if (key === "") return listPage(bucket, url, { objects, types });
  if (method === "PUT") {
    objects.set(path, body);
    types.set(path, request.headers["content-type"] ?? "");
    return reply({ key });
  }
  const content = objects.get(path);
  if (!content) return refuse(404, 10007, "The specified key does not exist.");
  if (method === "GET") return { status: 200, body: content };
  objects.delete(path);
  return reply({ key });
}

/** Pages of two objects, so that tests meet more than one. */
function listPage(
  bucket: string,
  { searchParams }: URL,
  { objects, types }: Pick<StandInState, "objects" | "types">,
): Reply {
  const prefix = `${bucket}/${searchParams.get("prefix") ?? ""}`;
  const after = searchParams.get("cursor") ?? "";
  const found = [...objects]
    .filter(([path]) => path.startsWith(prefix) && path > after)
    .sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  const page = found.slice(0, 2).map(([path, content]) => ({
    key: path.slice(bucket.length + 1),
    size: content.length,
    etag: createHash("md5").update(content).digest("hex"),
    http_metadata: { contentType: types.get(path) ?? "" },
    custom_metadata: {},
  }));
  const isTruncated = found.length > page.length;
  const cursor = isTruncated ? found[page.length - 1]?.[0] : undefined;
  const answer = reply(page);
  return {
    ...answer,
    body: { ...(answer.body as object), result_info: { cursor, is_truncated: isTruncated } },
  };
}

function answerStorage(
  state: StandInState,
  call: string,
  url: URL,
  json: Record<string, string> | null,
): Reply | undefined {
  const [, bucket] = /^GET \/r2\/buckets\/([\w-]+)$/.exec(call) ?? [];
  if (call.includes("/r2/") && !state.hasR2) {
    return refuse(403, 10042, "Please enable R2 through the Cloudflare Dashboard.");
  }
  if (bucket !== undefined) {
    if (state.buckets.has(bucket)) return reply({ name: bucket });
    return refuse(404, 10006, "The specified bucket does not exist.");
  }
  if (call === "GET /r2/buckets") return reply({ buckets: [...state.buckets] });
  if (call === "POST /r2/buckets") {
    const name = json?.name ?? "";
    if (state.buckets.has(name))
      return refuse(409, 10004, "The bucket you tried to create exists.");
    state.buckets.add(name);
    return reply({ name });
  }
  if (call === "GET /storage/kv/namespaces") {
    const all = [...state.namespaces].map(([id, title]) => ({ id, title }));
    const page = Number(url.searchParams.get("page") ?? 1);
    return reply(all.slice((page - 1) * 100, page * 100));
  }
  if (call === "POST /storage/kv/namespaces") {
    const title = json?.title ?? "";
    if ([...state.namespaces.values()].includes(title)) {
      return refuse(400, 10014, "a namespace with this account ID and title already exists");
    }
    const id = createHash("md5").update(title).digest("hex");
    state.namespaces.set(id, title);
    return reply({ id, title });
  }
  return undefined;
}

function answerD1(
  state: StandInState,
  call: string,
  url: URL,
  json: Record<string, string> | null,
): Reply | undefined {
  if (call === "GET /d1/database") {
    const part = url.searchParams.get("name") ?? "";
    const all = [...state.databases].map(([uuid, { name }]) => ({ uuid, name }));
    return reply(all.filter(({ name }) => name.includes(part)));
  }
  if (call === "POST /d1/database") {
    const name = json?.name ?? "";
    if ([...state.databases.values()].some((one) => one.name === name)) {
      return refuse(400, 7502, `Database with name '${name}' already exists`);
    }
    const uuid = crypto.randomUUID();
    state.databases.set(uuid, {
      name,
      sqlite: new DatabaseSync(":memory:"),
      bookmark: 0,
      rewinds: [],
    });
    return reply({ uuid, name });
  }
  const [, id = "", action] = /^\w+ \/d1\/database\/([\w-]+)\/?([\w/]+)?/.exec(call) ?? [];
  if (id === "") return undefined;
  const database = state.databases.get(id);
  if (!database) return refuse(404, 7404, `The database ${id} could not be found`);
  if (action === "query") {
    try {
      return reply(runQuery(database.sqlite, json ?? {}));
    } catch (error) {
      return refuse(400, 7500, `${error instanceof Error ? error.message : error}: SQLITE_ERROR`);
    }
  }
  if (action === "time_travel/bookmark") {
    return reply({ bookmark: `before ${url.searchParams.get("timestamp")}` });
  }
  if (action === "time_travel/restore") {
    const bookmark = url.searchParams.get("bookmark") ?? "";
    database.rewinds.push(bookmark);
    return reply({ bookmark, previous_bookmark: "00000001-00000002", message: "" });
  }
  if (action !== "import") return reply({ uuid: id, name: database.name });
  return importFile(state, database, json);
}

type Database = StandInState["databases"] extends Map<string, infer Value> ? Value : never;

/** A file goes to a bucket first. Its import is one transaction, and its end comes with a poll. */
function importFile(
  state: StandInState,
  database: Database,
  json: Record<string, string> | null,
): Reply {
  const { action, etag = "" } = json ?? {};
  if (action === "init" && !state.uploads.has(etag)) {
    return reply({ filename: `${etag}.sql`, upload_url: `${state.url}/upload/${etag}` });
  }
  if (action === "poll") return reply(database.outcome ?? { success: true, status: "complete" });
  const sql = state.uploads.get(etag);
  if (sql === undefined) return refuse(400, 7500, "No such file");
  database.bookmark += 1;
  const at_bookmark = String(database.bookmark);
  database.outcome = runImport(database.sqlite, sql);
  return reply({ success: true, status: "active", messages: [], at_bookmark });
}

function runImport(sqlite: DatabaseSync, sql: string) {
  sqlite.exec("BEGIN");
  try {
    sqlite.exec(sql);
    sqlite.exec("COMMIT");
    return { success: true, status: "complete", messages: ["Processed"], result: {} };
  } catch (error) {
    sqlite.exec("ROLLBACK");
    const text = `${error instanceof Error ? error.message : error}: SQLITE_ERROR`;
    return { success: true, status: "error", errors: [text], messages: [] };
  }
}

interface QueryStatement {
  readonly sql: string;
  readonly params?: SQLInputValue[];
}

/** A text of statements, one with parameters, or a batch of those. */
function runQuery(sqlite: DatabaseSync, query: Record<string, unknown>) {
  const {
    batch,
    sql = "",
    params,
  } = query as { batch?: QueryStatement[] } & Partial<QueryStatement>;
  if (batch) return runAll(sqlite, batch);
  return runAll(sqlite, params ? [{ sql, params }] : sql.split(";\n").map((one) => ({ sql: one })));
}

/** All statements or none, with the rows of each. */
function runAll(sqlite: DatabaseSync, statements: readonly QueryStatement[]) {
  sqlite.exec("BEGIN");
  try {
    const results = statements.map(({ sql, params = [] }) => {
      const rows = sqlite.prepare(sql).all(...params);
      return { results: rows, success: true, meta: {} };
    });
    sqlite.exec("COMMIT");
    return results;
  } catch (error) {
    sqlite.exec("ROLLBACK");
    throw error;
  }
}

function storeUpload(
  state: StandInState,
  path: string,
  body: Buffer,
  response: ServerResponse,
): void {
  const etag = createHash("md5").update(body).digest("hex");
  state.uploads.set(path.slice("/upload/".length), body.toString());
  response.writeHead(200, { etag: `"${etag}"` }).end();
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, answer: Reply | undefined): void {
  const { status, body } = answer ?? refuse(500, 10001, "Internal error");
  if (Buffer.isBuffer(body)) return void response.writeHead(status).end(body);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
