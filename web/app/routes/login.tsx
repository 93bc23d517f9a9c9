import { authenticate } from "../features/auth/auth-action.server.ts";
import { loadAuthPage } from "../features/auth/auth-loader.server.ts";
import { AuthPage } from "../features/auth/auth-page.tsx";
import type { Route } from "./+types/login.ts";

export function meta() {
  return [
    { title: "Log in · Alleato Chat" },
    {
      name: "description",
      content: "Log in to Alleato Chat and pick up where you left off.",
    },
  ];
}

export function loader(args: Route.LoaderArgs) {
  return loadAuthPage(args);
}

export function action(args: Route.ActionArgs) {
  return authenticate("logIn", args);
}

/** Passes on the headers of a failed submission, such as Retry-After. */
export function headers({ actionHeaders }: Route.HeadersArgs) {
  return actionHeaders;
}

export default function LogInPage({ loaderData, actionData }: Route.ComponentProps) {
  return <AuthPage kind="logIn" {...loaderData} failure={actionData} />;
}
