import type { ViewerOutput } from "api-worker/contracts/auth";
import { type MiddlewareFunction, redirect } from "react-router";
import { createApiClient } from "./api.server.ts";
import { failPage } from "./fail-page.server.ts";
import { loginPath, nextPath } from "./next-path.ts";
import { apiContext, platformContext } from "./request-context.server.ts";

/** Routes that need no login. All others do. "strangers" are visitors without an account. */
const openPages: Readonly<Record<string, "anyone" | "strangers">> = {
  login: "strangers",
  signup: "strangers",
  reset: "anyone",
  logout: "anyone",
  guest: "anyone",
  "share/:chatId": "anyone",
  "*": "anyone",
};

/**
 * The access that a route needs; undefined for a login. The pages of administration are open to all
 * here: their loaders show everyone else the not-found page, which a redirect to the login would
 * tell apart.
 */
function accessOf(pattern: string): "anyone" | "strangers" | undefined {
  return /^admin(\/|$)/.test(pattern) ? "anyone" : openPages[pattern];
}

/**
 * Finds the viewer once per request. Redirects requests without a session to the login page, and
 * viewers with an account away from it; guests may log in or sign up. Cookies that the API sets
 * meanwhile (a renewed session) are put on the response.
 *
 * A page that only reads loads while the viewer is looked up: its calls then travel in the same
 * request, which saves a round trip to the database. The API checks each of them by itself, and what
 * was loaded for a viewer who may not see it is thrown away.
 */
export const sessionMiddleware: MiddlewareFunction<Response> = async (
  { request, url, pattern, context },
  next,
) => {
  const { client, cookies } = createApiClient(context.get(platformContext).api, request);
  const hasCookie = request.headers.has("cookie");
  const viewer = hasCookie
    ? client.auth.me.query().catch((error: unknown) => failPage(error, { context, url }))
    : Promise.resolve(null);
  context.set(apiContext, { client, cookies, viewer });

  const access = accessOf(pattern);
  const goElsewhere = (found: ViewerOutput | null): Response | null => {
    if (!found && !access) return redirect(loginPath(url));
    const mustLeave = access === "strangers" && found !== null && !found.isGuest;
    return mustLeave ? redirect(nextPath(url.searchParams.get("next"))) : null;
  };
  const isRead = request.method === "GET" || request.method === "HEAD";
  // Without a cookie there is nothing to wait for, and most viewers of the login page are strangers.
  const loadsMeanwhile = isRead && hasCookie && access !== "strangers";
  const page = loadsMeanwhile ? next() : viewer.then((found) => goElsewhere(found) ?? next());
  // Waits for both, so that nothing of a request goes on after its response.
  const [found, loaded] = await Promise.allSettled([viewer, page]);
  if (found.status === "rejected") throw found.reason;
  if (loaded.status === "rejected") throw loaded.reason;
  const response = goElsewhere(found.value) ?? loaded.value;
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
};
