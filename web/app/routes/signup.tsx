import { authenticate } from "../features/auth/auth-action.server.ts";
import { AuthPage } from "../features/auth/auth-page.tsx";
import { nextPath } from "../lib/next-path.ts";
import type { Route } from "./+types/signup.ts";

export function meta() {
  return [
    { title: "Sign up · Alleato Chat" },
    {
      name: "description",
      content: "Create an Alleato Chat account. Your chats stay with you, on every device.",
    },
  ];
}

export function loader({ url }: Route.LoaderArgs) {
  return { next: nextPath(url.searchParams.get("next")) };
}

export function action(args: Route.ActionArgs) {
  return authenticate("signUp", args);
}

/** The action answers for itself; the address to go to afterwards stays. */
export function headers({ actionHeaders }: Route.HeadersArgs) {
  return actionHeaders;
}

export default function SignUpPage({ loaderData, actionData }: Route.ComponentProps) {
  return <AuthPage kind="signUp" next={loaderData.next} failure={actionData} />;
}
