import { limits } from "api-worker/contracts/limits";
import { useEffect, useRef } from "react";
import { Form, Link, useNavigation } from "react-router";
import { Alert } from "../../ui/alert.tsx";
import { Button } from "../../ui/button.tsx";
import type { ResetFailure } from "./auth-form.ts";
import { AuthFrame } from "./auth-frame.tsx";
import { PasswordField } from "./password-field.tsx";
import { TokenChoice } from "./token-choice.tsx";
import { useLinkSecret } from "./use-link-secret.ts";

const notWhole = "This link isn’t complete. Copy all of it, and open it again.";

/** Chooses a new password with the secret of a link. */
export function ResetPage({ failure }: { failure: ResetFailure | undefined }) {
  const token = useLinkSecret();
  const isPending = useNavigation().state !== "idle";
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (failure) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [failure]);

  return (
    <AuthFrame
      title="Choose a new password"
      lead="You’ll be logged out of all other browsers, and logged in here."
    >
      <noscript>
        <Alert>To choose a new password, turn on JavaScript and reload this page.</Alert>
      </noscript>
      <Form ref={form} method="post" action="/reset" noValidate aria-label="Set password">
        <Alert>{token === "" ? notWhole : failure?.message}</Alert>
        <input type="hidden" name="token" value={token ?? ""} />
        <div className="grid gap-5">
          <PasswordField
            label="New password"
            name="new"
            autoComplete="new-password"
            hint={`At least ${limits.passwordMinLength} characters.`}
            error={failure?.fields.newPassword}
          />
          <PasswordField
            label="Repeat new password"
            name="repeated"
            autoComplete="new-password"
            error={failure?.fields.repeated}
          />
          <TokenChoice />
          <Button
            type="submit"
            look="primary"
            isPending={isPending}
            disabled={!token}
            className="mt-1 min-h-11 w-full"
          >
            Set password
          </Button>
        </div>
      </Form>
      <p className="mt-6 text-center text-muted">
        <Link to="/login" className="font-medium text-accent underline-offset-4 hover:underline">
          Back to log in
        </Link>
      </p>
    </AuthFrame>
  );
}
