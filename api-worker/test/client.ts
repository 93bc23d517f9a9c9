import { exports } from "cloudflare:workers";
import { createTRPCClient, httpBatchStreamLink, httpLink, TRPCClientError } from "@trpc/client";
import type { ErrorData, RouteErrorCode } from "../src/contracts/errors.ts";
import { routeCodes } from "../src/errors.ts";
import type { AppRouter } from "../src/router.ts";

export interface ClientOptions {
  /** The worker's origin for this browser. HTTPS, unless a test is about a local machine. */
  readonly origin?: string;
  /** The client's address, for rate limits. Unique for each client when left out. */
  readonly address?: string;
  readonly userAgent?: string;
  /** A bearer token makes it a program: without Origin. */
  readonly token?: string;
}

/** A browser as the API sees it: it keeps cookies and sends Origin. */
export interface TestClient {
  /** The API, typed as for the web app. */
  readonly api: ReturnType<typeof createTRPCClient<AppRouter>>;
  /** The same, with responses as JSON lines, like the web app's calls that start an answer. */
  readonly lines: ReturnType<typeof createTRPCClient<AppRouter>>;
  readonly origin: string;
  /** Any request; a path is completed with the origin. Headers of `init` win over the browser's. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Cookies by name. Tests may read and plant them. */
  readonly cookies: Map<string, string>;
}

let clientCount = 0;

export function createClient(options: ClientOptions = {}): TestClient {
  const { origin = "https://app.test", userAgent = "test browser" } = options;
  clientCount += 1;
  const address = options.address ?? `10.${clientCount >> 8}.${clientCount & 255}.${randomByte()}`;
  const cookies = new Map<string, string>();

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ "cf-connecting-ip": address, "user-agent": userAgent });
    if (options.token === undefined) headers.set("origin", origin);
    else headers.set("authorization", `Bearer ${options.token}`);
    if (cookies.size > 0) {
      headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    const request = new Request(new URL(path, origin), { ...init, headers });
    const response = await exports.default.fetch(request);
    for (const cookie of response.headers.getSetCookie()) keepCookie(cookies, cookie);
    return response;
  }

  const target = {
    url: `${origin}/trpc`,
    fetch: (url: RequestInfo | URL | string, init?: object) =>
      send(String(url), init as RequestInit),
  };
  const api = createTRPCClient<AppRouter>({ links: [httpLink(target)] });
  const lines = createTRPCClient<AppRouter>({ links: [httpBatchStreamLink(target)] });
  return { api, lines, origin, fetch: send, cookies };
}

/** What a client sees of a failure, without the parts that differ between requests. */
export interface SeenError extends Omit<ErrorData, "requestId"> {
  readonly message: string;
}

/**
 * Waits for a call to fail.
 *
 * @throws when the call succeeds, or fails without a response of the API
 */
export async function errorOf(call: Promise<unknown>): Promise<SeenError> {
  const error = await call.then(
    (value) => new Error(`The call succeeded with ${JSON.stringify(value)}.`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError)) throw error;
  const data = error.data as ErrorData | undefined;
  if (!data?.requestId) throw new Error("An error has no request id.", { cause: error });
  const { requestId: _, ...rest } = data;
  return { message: error.message, ...rest };
}

/**
 * Parses an error response.
 *
 * @throws when it is not one, or when its status, code and request id do not agree
 */
export async function refusalOf(response: Response) {
  const { error } = await response.json<{
    error: { message: string; data: ErrorData<RouteErrorCode> };
  }>();
  const { errorCode: code, httpStatus, requestId } = error.data;
  const { status, headers } = response;
  const isConsistent =
    status === httpStatus &&
    status === routeCodes[code].httpStatus &&
    requestId === headers.get("x-request-id");
  if (!isConsistent) {
    throw new Error(`A ${status} says ${code}, ${httpStatus}, request ${requestId}.`);
  }
  return { status, code, message: error.message };
}

function keepCookie(cookies: Map<string, string>, setCookie: string): void {
  const [pair = "", ...attributes] = setCookie.split("; ");
  const name = pair.slice(0, pair.indexOf("="));
  if (attributes.includes("Max-Age=0")) cookies.delete(name);
  else cookies.set(name, pair.slice(name.length + 1));
}

function randomByte(): number {
  return Math.floor(Math.random() * 256);
}
