import { type MiddlewareFunction, redirect } from "react-router";
import { createApiSession } from "./api.server.ts";
import { failPage } from "./fail-page.server.ts";
import { loginPath, nextPath } from "./next-path.ts";
import { apiContext, platformContext } from "./request-context.server.ts";

/** Routes that need no login. All others do. "strangers" are visitors without an account. */
const openPages: Readonly<Record<string, "anyone" | "strangers">> = {
  login: "strangers",
  signup: "strangers",
  logout: "anyone",
  guest: "anyone",
  "share/:chatId": "anyone",
  "*": "anyone",
};

/**
 * Finds the viewer once per request. Redirects requests without a session to the login page, and
 * viewers with an account away from it; guests may log in or sign up. Cookies that the API sets
 * meanwhile (a renewed session) are put on the response.
 */
export const sessionMiddleware: MiddlewareFunction<Response> = async (
  { request, url, pattern, context },
  next,
) => {
  const session = createApiSession(context.get(platformContext).api, request);
  context.set(apiContext, session);
  if (request.headers.has("cookie")) {
    session.viewer = await session.client.auth.me
      .query()
      .catch((error: unknown) => failPage(error, { context, url }));
  }

  const access = openPages[pattern];
  let response: Response;
  if (!session.viewer && !access) {
    response = redirect(loginPath(url));
  } else if (session.viewer && !session.viewer.isGuest && access === "strangers") {
    response = redirect(nextPath(url.searchParams.get("next")));
  } else {
    response = await next();
  }
  for (const cookie of session.cookies) response.headers.append("set-cookie", cookie);
  return response;
};
