/**
 * The only way from the worker to other servers. Nothing else in the worker calls `fetch`, so an
 * address that came with a message is never fetched.
 */
import { type SettingsEnv, settingsOf } from "./settings.ts";

/** A request that was not made, or a response that was not taken. */
export class OutboundRefusal extends Error {
  override readonly name = "OutboundRefusal";
}

/** Like the global `fetch`. */
export type OutboundFetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** An answer has at most about a megabyte, but each of its words comes in a chunk of its own. */
const modelMaxBytes = 64 * 1024 * 1024;
const weatherMaxBytes = 256 * 1024;
const verdictMaxBytes = 16 * 1024;
const receiptMaxBytes = 16 * 1024;

/** The push services of Chrome, Firefox, Safari and Edge. */
const pushServices = [
  "https://fcm.googleapis.com",
  "https://updates.push.services.mozilla.com",
  "https://web.push.apple.com",
  "https://*.notify.windows.com",
];

/** Whether an address belongs to a browser's push service. */
export const isPushService = isOneOf(pushServices);

/** Where Gemini is, unless the operator names another server. */
const geminiUrl = "https://generativelanguage.googleapis.com";

/**
 * The services that the worker calls, with their settings: the list of all servers that it may
 * ever fetch from. Each service can reach its own servers only.
 */
export function servicesOf(env: SettingsEnv) {
  const { ai, push, turnstile, weather } = settingsOf(env);
  const { forecastUrl, geocodingUrl } = weather;
  return {
    ai: { ...ai, fetch: outboundFetch([ai.googleBaseUrl || geminiUrl], modelMaxBytes) },
    /** null when it is off. */
    turnstile: turnstile && {
      ...turnstile,
      fetch: outboundFetch([turnstile.url], verdictMaxBytes),
    },
    /** null when it is off. */
    push: push && { ...push, fetch: outboundFetch(pushServices, receiptMaxBytes) },
    weather: { ...weather, fetch: outboundFetch([forecastUrl, geocodingUrl], weatherMaxBytes) },
  };
}

/**
 * Makes a function that fetches from the listed servers alone. It follows no redirects, and cancels
 * a response that is too long.
 *
 * @param addresses of the servers; each stands for its origin, `https://*.` for all subdomains
 * @returns a function that throws OutboundRefusal for any other origin and for a redirect. The body
 *   of its response throws one when it gets too long
 */
export function outboundFetch(addresses: readonly string[], maxBytes: number): OutboundFetch {
  const isListed = isOneOf(addresses);
  return async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (!isListed(address)) {
      throw new OutboundRefusal("This server is not on the list of those that may be called.");
    }
    const response = await fetch(input, { ...init, redirect: "manual" });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new OutboundRefusal("The server redirected the request.");
    }
    return withBound(response, maxBytes);
  };
}

/** Makes a function that tells whether an address belongs to one of the listed servers. */
function isOneOf(servers: readonly string[]): (address: string) => boolean {
  const origins = new Set<string>();
  /** The protocol, and the end of the host name. */
  const families: (readonly [string, string])[] = [];
  for (const server of servers) {
    if (!URL.canParse(server)) continue;
    const { protocol, host, origin } = new URL(server);
    if (host.startsWith("*.")) families.push([protocol, host.slice(1)]);
    else origins.add(origin);
  }
  return (address) => {
    if (!URL.canParse(address)) return false;
    const { protocol, host, origin } = new URL(address);
    const isInFamily = families.some(([of, end]) => protocol === of && host.endsWith(end));
    return origins.has(origin) || isInFamily;
  };
}

/** The response, whose body fails once it is longer than `maxBytes`. */
function withBound(response: Response, maxBytes: number): Response {
  if (!response.body) return response;
  let bytes = 0;
  const bound = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > maxBytes) controller.error(new OutboundRefusal("The response is too long."));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(bound), response);
}
