import { limits } from "api-worker/contracts/limits";
import { type ReactNode, useEffect, useRef } from "react";
import { Form, Link, useNavigation } from "react-router";
import { withNext } from "../../lib/next-path.ts";
import { Alert } from "../../ui/alert.tsx";
import { Button } from "../../ui/button.tsx";
import { Logo } from "../../ui/logo.tsx";
import { TextField } from "../../ui/text-field.tsx";
import type { AuthFailure } from "./auth-form.ts";

interface AuthPageProps {
  readonly kind: "logIn" | "signUp";
  /** Local path to go to afterwards. */
  readonly next: string;
  readonly failure: AuthFailure | undefined;
}

const texts = {
  logIn: {
    title: "Welcome back",
    lead: "Log in to go on with your chats.",
    path: "/login",
    button: "Log in",
    question: "New here?",
    other: "Create an account",
    otherPath: "/signup",
  },
  signUp: {
    title: "Create your account",
    lead: "Your chats stay with you, on every device.",
    path: "/signup",
    button: "Sign up",
    question: "Already have an account?",
    other: "Log in",
    otherPath: "/login",
  },
};

/** Log in or sign up: one form that also works before, or without, JavaScript. */
export function AuthPage({ kind, next, failure }: AuthPageProps) {
  const text = texts[kind];
  const isPending = useNavigation().state !== "idle";
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (!failure) return;
    const field = form.current?.querySelector<HTMLElement>("[aria-invalid]");
    (field ?? form.current?.querySelector<HTMLElement>("input[name=email]"))?.focus();
  }, [failure]);

  return (
    <AuthFrame title={text.title} lead={text.lead}>
      <Form
        ref={form}
        method="post"
        action={withNext(text.path, next)}
        noValidate
        aria-label={text.button}
      >
        <Alert>{failure?.message}</Alert>
        <div className="grid gap-5">
          <TextField
            label="Email"
            name="email"
            type="email"
            autoComplete="email"
            autoCapitalize="none"
            spellCheck={false}
            inputMode="email"
            maxLength={limits.emailMaxLength}
            required
            defaultValue={failure?.email}
            error={failure?.fields.email}
          />
          <TextField
            label="Password"
            name="password"
            type="password"
            autoComplete={kind === "logIn" ? "current-password" : "new-password"}
            maxLength={limits.passwordMaxLength}
            required
            hint={
              kind === "signUp" ? `At least ${limits.passwordMinLength} characters.` : undefined
            }
            error={failure?.fields.password}
          />
          <Button
            type="submit"
            look="primary"
            isPending={isPending}
            className="mt-1 min-h-11 w-full"
          >
            {text.button}
          </Button>
        </div>
      </Form>
      <p className="mt-6 text-center text-muted">
        {text.question}{" "}
        <Link
          to={withNext(text.otherPath, next)}
          className="font-medium text-accent underline-offset-4 hover:underline"
        >
          {text.other}
        </Link>
      </p>
    </AuthFrame>
  );
}

function AuthFrame({
  title,
  lead,
  children,
}: {
  title: string;
  lead: string;
  children: ReactNode;
}) {
  return (
    <main className="grid min-h-dvh place-items-center bg-surface px-5 py-10">
      <div className="w-full max-w-[25rem]">
        <div className="mb-8 flex justify-center">
          <Logo className="size-9" />
        </div>
        <div className="rounded-2xl border border-line bg-raised p-6 shadow-raised sm:p-8">
          <h1 className="text-[1.375rem] font-semibold tracking-tight">{title}</h1>
          <p className="mt-1 mb-6 text-muted">{lead}</p>
          {children}
        </div>
      </div>
    </main>
  );
}
