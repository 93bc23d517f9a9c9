import type { AuthOptionsOutput } from "api-worker/contracts";
import { limits } from "api-worker/contracts/limits";
import { useEffect, useRef, useState } from "react";
import { Form, Link, useNavigation } from "react-router";
import { withNext } from "../../lib/next-path.ts";
import { Alert } from "../../ui/alert.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import type { AuthFailure } from "./auth-form.ts";
import { AuthFrame } from "./auth-frame.tsx";
import { InviteField } from "./invite-field.tsx";
import { HumanCheck, type HumanCheckOptions } from "./turnstile/human-check.tsx";

interface AuthPageProps {
  readonly kind: "logIn" | "signUp";
  /** Local path to go to afterwards. */
  readonly next: string;
  readonly failure: AuthFailure | undefined;
  /** Whether the viewer is already a guest. */
  readonly isGuest: boolean;
  readonly canStartGuest: boolean;
  /** Why a guest session could not be started. */
  readonly guestProblem: string | null;
  /** null when visitors need no check. */
  readonly turnstile: HumanCheckOptions | null;
  /** Who can sign up; null when anyone can. */
  readonly signUp: SignUpRule | null;
  /** The token in the address of an earlier version's link; null without one. */
  readonly invite: string | null;
}

type SignUpRule = NonNullable<AuthOptionsOutput["signUp"]>;

const texts = {
  logIn: {
    title: "Welcome back",
    lead: "Log in to continue.",
    guestLead: "Log in to move your guest chats to your account.",
    path: "/login",
    button: "Log in",
    question: "Don’t have an account?",
    other: "Sign up",
    otherPath: "/signup",
  },
  signUp: {
    title: "Create your account",
    lead: "Keep your chats on all your devices.",
    guestLead: "Keep your guest chats on all your devices.",
    path: "/signup",
    button: "Sign up",
    question: "Already have an account?",
    other: "Log in",
    otherPath: "/login",
  },
};

/** The login and sign-up form, which also works without JavaScript. */
export function AuthPage(props: AuthPageProps) {
  const { kind, next, failure, isGuest, canStartGuest, guestProblem, turnstile, signUp } = props;
  const isOff = signUp?.mode === "off";
  const isByInvite = kind === "signUp" && (signUp?.isByInvite ?? false);
  const [token, setToken] = useState<string | null>(null);
  // Logging in needs no check.
  const isChecked = turnstile !== null && (kind === "signUp" || canStartGuest);
  const text = texts[kind];
  const isPending = useNavigation().state !== "idle";
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (!failure) return;
    const field = form.current?.querySelector<HTMLElement>("[aria-invalid]");
    (field ?? form.current?.querySelector<HTMLElement>("input[name=email]"))?.focus();
  }, [failure]);

  if (kind === "signUp" && isOff && !isByInvite) return <NoSignUp next={next} />;
  return (
    <AuthFrame title={text.title} lead={isGuest ? text.guestLead : text.lead}>
      <Form
        ref={form}
        method="post"
        action={withNext(text.path, next)}
        noValidate
        aria-label={text.button}
      >
        <Alert>{failure?.message ?? guestProblem}</Alert>
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
            hint={kind === "signUp" && signUp ? emailHint(signUp) : undefined}
            error={failure?.fields.email}
          />
          <TextField
            label="Password"
            name="password"
            type="password"
            autoComplete={kind === "logIn" ? "current-password" : "new-password"}
            maxLength={limits.passwordMaxUnits}
            required
            hint={
              kind === "signUp" ? `At least ${limits.passwordMinLength} characters.` : undefined
            }
            error={failure?.fields.password}
          />
          {kind === "signUp" && <TurnstileToken token={token} />}
          {isByInvite && <InviteField given={props.invite} entered={failure?.invite} />}
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
      {isChecked && <HumanCheck {...turnstile} attempt={failure} onToken={setToken} />}
      {canStartGuest && <GuestChoice next={next} token={token} />}
      {!(kind === "logIn" && isOff) && (
        <OtherPage question={text.question} to={withNext(text.otherPath, next)} name={text.other} />
      )}
      {kind === "logIn" && (
        <p className="mt-2 text-center text-sm text-muted">
          Forgot your password? Ask your administrator for a link to reset it.
        </p>
      )}
    </AuthFrame>
  );
}

/** Shown in place of the form, because no address could sign up with it. */
function NoSignUp({ next }: { next: string }) {
  return (
    <AuthFrame
      title="Sign-up is turned off"
      lead="New accounts can’t be created here. Ask an administrator for one."
    >
      <OtherPage
        question={texts.signUp.question}
        to={withNext(texts.signUp.otherPath, next)}
        name={texts.signUp.other}
      />
    </AuthFrame>
  );
}

function OtherPage({ question, to, name }: { question: string; to: string; name: string }) {
  return (
    <p className="mt-6 text-center text-muted">
      {question}{" "}
      <Link to={to} className="font-medium text-accent underline-offset-4 hover:underline">
        {name}
      </Link>
    </p>
  );
}

/** At most so many domains are named: a longer list helps no one to choose an address. */
const namedDomainsMax = 5;

function emailHint({ mode, domains }: SignUpRule): string | undefined {
  if (mode !== "domains") return undefined;
  if (domains.length === 0 || domains.length > namedDomainsMax) return "Use your work address.";
  const names = domains.map((domain) => `@${domain}`);
  return `Use an address that ends in ${new Intl.ListFormat("en", { type: "disjunction" }).format(names)}.`;
}

function TurnstileToken({ token }: { token: string | null }) {
  return token === null ? null : <input type="hidden" name="turnstileToken" value={token} />;
}

/** Starts a guest session with one press. A plain form, so that it needs no script. */
function GuestChoice({ next, token }: { next: string; token: string | null }) {
  return (
    <form method="post" action={withNext("/guest", next)} className="mt-5 grid gap-5">
      <p
        aria-hidden="true"
        className={
          "flex items-center gap-3 text-sm text-muted before:h-px before:flex-1 before:bg-line " +
          "after:h-px after:flex-1 after:bg-line"
        }
      >
        or
      </p>
      <TurnstileToken token={token} />
      <Button type="submit" className="min-h-11 w-full">
        Continue as guest
      </Button>
    </form>
  );
}
