import { AppError } from "../../errors.ts";
import { readBearer } from "./token/bearer-token.ts";

/** A change that another site may have made the browser send. */
export class OriginRefusal extends AppError {
  constructor() {
    super("FORBIDDEN", "This request didn’t come from this site.");
  }
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a change that another site made the browser send. Browsers put `Origin` on every POST, so
 * a request with a cookie and without our origin does not come from our page. Requests with a
 * bearer token are not checked: no browser adds one by itself, and with one the cookie does not
 * count.
 *
 * @throws OriginRefusal, an AppError FORBIDDEN
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Origin
 */
export function checkOrigin(request: Request): void {
  if (safeMethods.has(request.method) || readBearer(request) !== null) return;
  const origin = request.headers.get("origin");
  const isSameOrigin = origin === new URL(request.url).origin;
  if (isSameOrigin) return;
  if (origin === null && !request.headers.has("cookie")) return;
  throw new OriginRefusal();
}
