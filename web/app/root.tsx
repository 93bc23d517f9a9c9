import type { ReactNode } from "react";
import { Links, Meta, Outlet, Scripts, ScrollRestoration } from "react-router";
import type { Route } from "./+types/root.ts";
import { documentMiddleware } from "./lib/document-middleware.server.ts";
import { requestContext } from "./lib/request-context.server.ts";
import { sessionMiddleware } from "./lib/session-middleware.server.ts";
import "./styles/app.css";

export const middleware: Route.MiddlewareFunction[] = [documentMiddleware, sessionMiddleware];

export function loader({ context }: Route.LoaderArgs) {
  return { requestId: context.get(requestContext).id };
}

export function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}
