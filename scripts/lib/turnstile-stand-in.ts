/** A server in place of Cloudflare's Turnstile, for tests: siteverify. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A call of siteverify, as it arrived. */
export interface VerifyCall {
  readonly secret?: string;
  readonly response?: string;
  readonly remoteip?: string;
  readonly idempotency_key?: string;
}

/** The secret that the stand-in knows, as in the tests. */
const standInSecret = "the-secret-of-the-stand-in";

/**
 * Starts it on a free port. A token that begins with "good" is accepted once, and again with the
 * same idempotency key. "fails-once", "internal", "slow", "garbage", "page" and "redirect" break in
 * that way; any other token is invalid. `GET /calls` returns the calls so far.
 */
export async function startTurnstileStandIn(): Promise<{
  url: string;
  stop: () => Promise<void>;
}> {
  const used = new Map<string, string>();
  const calls: VerifyCall[] = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    if (pathname === "/calls") return json(response, calls);
    if (pathname !== "/turnstile/v0/siteverify") {
      response.writeHead(404).end();
      return;
    }
    let body = "";
    for await (const chunk of request) body += chunk;
    const call = JSON.parse(body) as VerifyCall;
    calls.push(call);
    verify(call, used, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function verify(call: VerifyCall, used: Map<string, string>, response: ServerResponse): void {
  const { response: token = "", idempotency_key: key = "" } = call;
  const isFirst = !used.has(token);
  if (isFirst) used.set(token, key);
  // Never answers.
  if (token.startsWith("slow")) return;
  if (token.startsWith("garbage")) {
    response.end("[1, 2");
  } else if (token.startsWith("page")) {
    response.writeHead(503).end("<html></html>");
  } else if (token.startsWith("redirect")) {
    response.writeHead(302, { location: "http://127.0.0.1:9/" }).end();
  } else {
    const code = errorCodeOf(call, isFirst, used.get(token) === key);
    const facts = { challenge_ts: new Date().toISOString(), hostname: "localhost" };
    const success = { success: true, "error-codes": [], ...facts, action: "", cdata: "" };
    json(response, code === null ? success : { success: false, "error-codes": [code] });
  }
}

function errorCodeOf(
  { secret, response: token = "" }: VerifyCall,
  isFirst: boolean,
  isSameKey: boolean,
): string | null {
  if (secret !== standInSecret) return "invalid-input-secret";
  if (token.startsWith("internal")) return "internal-error";
  if (token.startsWith("fails-once") && isFirst) return "internal-error";
  if (!/^(good|fails-once)/.test(token)) return "invalid-input-response";
  return isSameKey ? null : "timeout-or-duplicate";
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader("content-type", "application/json").end(JSON.stringify(body));
}
