import type { MiddlewareFunction } from "react-router";
import { pageBudgetContext, pageBudgetOf } from "./render-budget.server.ts";
import { requestContext, widgetOriginContext } from "./request-context.server.ts";
import { securityHeaders } from "./security-headers.ts";

/** Gives a page its budget, and sets the headers of every page, redirect and data response. */
export const documentMiddleware: MiddlewareFunction<Response> = async (
  { request, context },
  next,
) => {
  const budget = pageBudgetOf(request);
  context.set(pageBudgetContext, budget);
  const response = await next().finally(() => budget.settle());
  const { id, nonce } = context.get(requestContext);
  const { headers } = response;
  headers.set("x-request-id", id);
  // Pages are personal, so no cache may keep them, and they must not show again after logout.
  if (!headers.has("cache-control")) headers.set("cache-control", "private, no-store");
  for (const [name, value] of Object.entries(securityHeaders(request.url))) {
    headers.set(name, value);
  }
  headers.set(
    "content-security-policy",
    contentSecurityPolicy(nonce, context.get(widgetOriginContext)),
  );
  headers.set("cross-origin-opener-policy", "same-origin");
  return response;
};

/**
 * Scripts: our files, and inline scripts with the nonce. Inline styles are allowed, because
 * formulas use them for layout. Images from other sites are refused, because an answer could be
 * made to carry data out in an image's address.
 */
function contentSecurityPolicy(nonce: string, widgetOrigin: string | null): string {
  const directives = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'${widgetOrigin === null ? "" : ` ${widgetOrigin}`}`,
    ...(widgetOrigin === null ? [] : [`frame-src ${widgetOrigin}`]),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    // The development server's hot reload is a web socket on the same origin.
    `connect-src 'self'${import.meta.env.DEV ? " ws:" : ""}`,
    // The service worker for notifications.
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return directives.join("; ");
}
