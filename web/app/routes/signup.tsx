import { authenticate } from "../features/auth/auth-action.server.ts";
import { loadAuthPage } from "../features/auth/auth-loader.server.ts";
import { AuthPage } from "../features/auth/auth-page.tsx";
import type { Route } from "./+types/signup.ts";

export function meta() {
  return [
    { title: "Sign up · Alleato Chat" },
    {
      name: "description",
      content: "Create an Alleato Chat account. Keep your chats on all your devices.",
    },
  ];
}

export function loader(args: Route.LoaderArgs) {
  return loadAuthPage(args);
}

export function action(args: Route.ActionArgs) {
  return authenticate("signUp", args);
}

/** Passes on the headers of a failed submission, such as Retry-After. */
export function headers({ actionHeaders }: Route.HeadersArgs) {
  return actionHeaders;
}

export default function SignUpPage({ loaderData, actionData }: Route.ComponentProps) {
  return <AuthPage kind="signUp" {...loaderData} failure={actionData} />;
}
