import type { ReactNode } from "react";
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteError,
  useRouteLoaderData,
} from "react-router";
import type { Route } from "./+types/root.ts";
import { refusalMiddleware } from "./lib/admit-request.server.ts";
import { documentMiddleware } from "./lib/document-middleware.server.ts";
import { pageBudgetContext } from "./lib/render-budget.server.ts";
import { RenderMaxContext } from "./lib/render-budget.ts";
import { requestContext } from "./lib/request-context.server.ts";
import { sessionMiddleware } from "./lib/session-middleware.server.ts";
import { canvasColors, readTheme, useTheme } from "./lib/theme.ts";
import { ErrorPage } from "./ui/error-page.tsx";
import { NewVersionNotice } from "./ui/new-version-notice.tsx";
import "./styles/app.css";

export const middleware: Route.MiddlewareFunction[] = [
  documentMiddleware,
  refusalMiddleware,
  sessionMiddleware,
];

export function loader({ request, context }: Route.LoaderArgs) {
  return {
    requestId: context.get(requestContext).id,
    theme: readTheme(request.headers.get("cookie")),
    renderMax: context.get(pageBudgetContext).reserve(),
  };
}

/** Facts about the document, which do not change while it is open. */
export function shouldRevalidate() {
  return false;
}

export function meta() {
  return [
    { title: "Alleato Chat" },
    { name: "description", content: "Ask anything. Your chats, on all your devices." },
  ];
}

export const links: Route.LinksFunction = () => [
  { rel: "icon", href: "/favicon.ico", sizes: "32x32" },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
  { rel: "apple-touch-icon", href: "/apple-touch-icon.png" },
  { rel: "manifest", href: "/manifest.webmanifest" },
];

export function Layout({ children }: { children: ReactNode }) {
  // No data if the failure came before the loader.
  const loaderData = useRouteLoaderData<typeof loader>("root");
  const theme = useTheme(loaderData?.theme ?? "system");
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        {theme === "system" ? (
          <>
            <meta
              name="theme-color"
              media="(prefers-color-scheme: light)"
              content={canvasColors.light}
            />
            <meta
              name="theme-color"
              media="(prefers-color-scheme: dark)"
              content={canvasColors.dark}
            />
          </>
        ) : (
          <meta name="theme-color" content={canvasColors[theme]} />
        )}
        <Meta />
        {/* Our files need no nonce. Browsers hide it, so hydration would see a mismatch. */}
        <Links nonce="" />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function Root({ loaderData }: Route.ComponentProps) {
  return (
    <RenderMaxContext value={loaderData.renderMax}>
      <Outlet />
      <NewVersionNotice />
    </RenderMaxContext>
  );
}

/** Shows errors that no page catches, and unknown addresses. */
export function ErrorBoundary() {
  const loaderData = useRouteLoaderData<typeof loader>("root");
  return (
    <main className="flex min-h-dvh flex-col">
      <ErrorPage error={useRouteError()} requestId={loaderData?.requestId ?? null} />
    </main>
  );
}
