import { limits } from "api-worker/contracts/limits";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { readError } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { Alert } from "../../../ui/alert.tsx";
import { Button } from "../../../ui/button.tsx";
import { PasswordField } from "../../auth/password-field.tsx";
import { TokenChoice } from "../../auth/token-choice.tsx";

interface Problems {
  readonly currentPassword?: string | undefined;
  readonly newPassword?: string | undefined;
  readonly repeated?: string | undefined;
}

/** The form that changes the password, which asks for the current one. */
export function ChangePasswordForm({ email }: { email: string }) {
  const titleId = useId();
  const formRef = useRef<HTMLFormElement>(null);
  const utils = trpc.useUtils();
  const [missing, setMissing] = useState<Problems>({});
  const change = trpc.auth.changePassword.useMutation({
    onSuccess() {
      formRef.current?.reset();
      void utils.auth.sessions.list.invalidate();
      void utils.account.tokens.list.invalidate();
    },
  });
  const refusal = change.isError ? readError(change.error) : null;
  const problems: Problems = { ...refusal?.fields, ...missing };
  const hasProblems = Object.values(problems).some(Boolean);

  useEffect(() => {
    if (hasProblems) formRef.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [hasProblems, change.error, missing]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (change.isPending) return;
    const form = new FormData(event.currentTarget);
    const read = (name: string) => String(form.get(name));
    const currentPassword = read("current");
    const newPassword = read("new");
    const next = problemsOf(currentPassword, newPassword, read("repeated"));
    setMissing(next);
    change.reset();
    if (Object.keys(next).length > 0) return;
    const revokeTokens = form.has("tokens");
    change.mutate({ currentPassword, newPassword, revokeTokens });
  }

  return (
    <section
      aria-labelledby={titleId}
      className="rounded-2xl border border-line bg-raised p-5 shadow-raised sm:p-6"
    >
      <h2 id={titleId} className="text-lg font-semibold tracking-tight">
        Password
      </h2>
      <p className="mt-1 text-muted text-pretty">
        Changing your password logs you out of all other browsers.
      </p>
      <form ref={formRef} onSubmit={submit} noValidate className="mt-4 grid gap-5">
        {/* Tells password managers whose password this is. */}
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          label="Current password"
          name="current"
          autoComplete="current-password"
          error={problems.currentPassword}
        />
        <PasswordField
          label="New password"
          name="new"
          autoComplete="new-password"
          hint={`At least ${limits.passwordMinLength} characters.`}
          error={problems.newPassword}
        />
        <PasswordField
          label="Repeat new password"
          name="repeated"
          autoComplete="new-password"
          error={problems.repeated}
        />
        <TokenChoice />
        <div>
          <Alert>{hasProblems ? null : refusal?.text}</Alert>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button type="submit" look="primary" isPending={change.isPending}>
              Change password
            </Button>
            <p role="status" className="text-muted">
              {change.isSuccess && "Your password was changed."}
            </p>
          </div>
        </div>
      </form>
    </section>
  );
}

function problemsOf(current: string, next: string, repeated: string): Problems {
  return {
    ...(current === "" && { currentPassword: "Enter your current password." }),
    ...(next === "" && { newPassword: "Enter a new password." }),
    ...(next !== "" && next !== repeated && { repeated: "The passwords don’t match." }),
  };
}
