import { resetPassword } from "../features/auth/auth-action.server.ts";
import { ResetPage } from "../features/auth/reset-page.tsx";
import type { Route } from "./+types/reset.ts";

export function meta() {
  return [{ title: "Choose a new password · Alleato Chat" }];
}

export function action(args: Route.ActionArgs) {
  return resetPassword(args);
}

export default function ResetRoute({ actionData }: Route.ComponentProps) {
  return <ResetPage failure={actionData} />;
}
