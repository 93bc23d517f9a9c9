/** A server in place of Cloudflare's Turnstile, for tests: the widget's script, and siteverify. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A call of siteverify, as it arrived. */
export interface VerifyCall {
  readonly secret?: string;
  readonly response?: string;
  readonly remoteip?: string;
  readonly idempotency_key?: string;
}

/** The secret that the stand-in knows. */
export const standInSecret = "the-secret-of-the-stand-in";

/**
 * Starts the stand-in on a free port. A token that begins with "good" is accepted once, and again
 * with the same idempotency key. "fails-once", "internal", "slow", "garbage", "page" and "redirect"
 * break in that way; any other token is invalid. `GET /calls` returns the calls so far.
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
    if (pathname === "/turnstile/v0/api.js") {
      response.setHeader("content-type", "text/javascript").end(widgetScript);
      return;
    }
    if (pathname === "/turnstile/v0/frame") {
      response.setHeader("content-type", "text/html").end(framePage);
      return;
    }
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

/** The widget: a frame from this server, as high as Turnstile's, whose buttons decide the outcome. */
const widgetScript = `{
  const frameUrl = new URL("frame", document.currentScript.src).href;
  let count = 0;
  const widgets = new Map();
  window.turnstile = {
    render(container, options) {
      const id = "widget-" + (count += 1);
      const frame = document.createElement("iframe");
      frame.src = frameUrl;
      frame.title = "Widget";
      frame.style = "width: 100%; height: 65px; border: 0; display: block";
      container.append(frame);
      container.dataset.theme = options.theme;
      container.dataset.sitekey = options.sitekey;
      addEventListener("message", ({ source, data }) => {
        if (source !== frame.contentWindow) return;
        if (data === "I am human") options.callback("good-" + crypto.randomUUID());
        if (data === "I am a program") options.callback("bad-" + crypto.randomUUID());
        if (data === "Fail") options["error-callback"]("300030");
        if (data === "Expire") options["expired-callback"]();
      });
      widgets.set(id, container);
      return id;
    },
    reset(id) { widgets.get(id).dataset.resets = Number(widgets.get(id).dataset.resets ?? 0) + 1; },
    remove(id) { widgets.get(id)?.replaceChildren(); widgets.delete(id); },
  };
}`;

const framePage = `<!doctype html><title>Widget</title>
  <button>I am human</button> <button>I am a program</button> <button>Fail</button> <button>Expire</button>
  <script>onclick = ({ target }) => parent.postMessage(target.textContent, "*");</script>`;
