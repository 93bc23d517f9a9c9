import { isRouteErrorResponse, useLocation } from "react-router";
import type { PageError } from "../lib/page-error.ts";
import { linkLooks } from "./link-looks.ts";
import { LogoMark } from "./logo.tsx";

interface ErrorPageProps {
  readonly error: unknown;
  /** Id of the page's own request; an API error brings the id of its call. */
  readonly requestId: string | null;
}

/** Replaces a page that could not be shown: what happened, what to do next, what to report. */
export function ErrorPage({ error, requestId }: ErrorPageProps) {
  const { title, text, canRetry, id } = explain(error, requestId);
  const { pathname, search } = useLocation();
  return (
    <div className="grid min-h-full flex-1 place-items-center px-5 py-16">
      <title>{`${title} · Alleato Chat`}</title>
      <div className="max-w-md text-center">
        <LogoMark className="mx-auto size-11" />
        <h1 className="mt-6 text-2xl font-semibold tracking-tight text-balance">{title}</h1>
        <p className="mt-2 text-muted text-pretty">{text}</p>
        <div className="mt-7 flex flex-wrap justify-center gap-3">
          {canRetry && (
            // Plain links: the router may be what failed.
            <a href={pathname + search} className={linkLooks.primary}>
              Try again
            </a>
          )}
          <a href="/" className={canRetry ? linkLooks.outline : linkLooks.primary}>
            Start a new chat
          </a>
        </div>
        {id && (
          <p className="mt-8 text-sm text-muted">
            Request <code className="font-mono text-[0.8125rem] select-all">{id}</code>
          </p>
        )}
      </div>
    </div>
  );
}

function explain(error: unknown, requestId: string | null) {
  const status = isRouteErrorResponse(error) ? error.status : 500;
  // React Router's own error responses, as for a form without an action, are worded for developers.
  const known =
    isRouteErrorResponse(error) && typeof error.data === "object"
      ? (error.data as PageError | null)
      : null;
  if (status === 404) {
    return {
      title: "Page not found",
      text:
        known?.text ?? "This page doesn’t exist. Check the address, or it may have been removed.",
      canRetry: false,
      id: null,
    };
  }
  return {
    title: "This page couldn’t be loaded",
    text:
      known?.text ??
      "Something went wrong. Try again in a moment. If it keeps happening, report the number below.",
    canRetry: true,
    id: known?.requestId ?? requestId,
  };
}
