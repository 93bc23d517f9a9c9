import {
  type ActionFunctionArgs,
  data,
  type RouterContextProvider,
  redirectDocument,
} from "react-router";
import { readError } from "../../lib/error-text.ts";
import { logFailure } from "../../lib/log.server.ts";
import { nextPath } from "../../lib/next-path.ts";
import { apiContext } from "../../lib/request-context.server.ts";
import type { AuthFailure, ResetFailure } from "./auth-form.ts";
import { inviteTokenOf } from "./invite-token.ts";

/**
 * Logs in or signs up with a form's fields "email" and "password". On success a fresh document
 * follows, so that nothing of the previous user stays in memory.
 *
 * @returns an AuthFailure with the HTTP status of the failure
 * @throws a redirect to the local path in the query's `next`
 */
export async function authenticate(
  kind: "logIn" | "signUp",
  { request, url, context }: ActionFunctionArgs<Readonly<RouterContextProvider>>,
) {
  const form = await request.formData();
  const email = text(form.get("email"));
  const { client } = context.get(apiContext);
  try {
    const turnstileToken = turnstileTokenOf(form);
    const credentials = { email, password: text(form.get("password")) };
    if (kind === "logIn") await client.auth.logIn.mutate(credentials);
    else
      await client.auth.signUp.mutate({
        ...credentials,
        ...(turnstileToken !== null && { turnstileToken }),
        ...(form.has("invite") && { invite: inviteTokenOf(text(form.get("invite"))) }),
      });
  } catch (error) {
    if (readError(error).httpStatus >= 500) {
      logFailure(context, "auth.action_failed", error, url.pathname);
    }
    return failure(error, { email, invite: text(form.get("invite")) });
  }
  throw redirectDocument(nextPath(url.searchParams.get("next")));
}

function failure(error: unknown, entered: Pick<AuthFailure, "email" | "invite">) {
  const { errorCode, text, fields, httpStatus, retryAfterSeconds } = readError(error);
  const own = {
    ...(fields.email && { email: fields.email }),
    ...(fields.password && { password: fields.password }),
  };
  // The error for a taken address belongs to the email field.
  if (errorCode === "CONFLICT") own.email = text;
  const hasFields = Object.keys(own).length > 0;
  const answer: AuthFailure = { message: hasFields ? null : text, fields: own, ...entered };
  const headers = new Headers();
  if (retryAfterSeconds !== null) headers.set("retry-after", String(retryAfterSeconds));
  return data(answer, { status: httpStatus, headers });
}

/**
 * Sets a new password with the token of a link, from a form's fields "token", "new" and "tokens".
 * On success the browser is logged in, and a fresh document follows.
 *
 * @returns a ResetFailure with the HTTP status of the failure
 * @throws a redirect to the start page
 */
export async function resetPassword({
  request,
  url,
  context,
}: ActionFunctionArgs<Readonly<RouterContextProvider>>) {
  const form = await request.formData();
  const newPassword = text(form.get("new"));
  if (newPassword !== text(form.get("repeated"))) {
    const fields = { repeated: "The passwords don’t match." };
    return data<ResetFailure>({ message: null, fields }, { status: 400 });
  }
  try {
    await context.get(apiContext).client.auth.resetPassword.mutate({
      token: text(form.get("token")),
      newPassword,
      revokeTokens: form.has("tokens"),
    });
  } catch (error) {
    const { fields, httpStatus, text: message } = readError(error);
    if (httpStatus >= 500) logFailure(context, "auth.action_failed", error, url.pathname);
    const own = fields.newPassword ? { newPassword: fields.newPassword } : {};
    const answer = { message: fields.newPassword ? null : message, fields: own };
    return data<ResetFailure>(answer, { status: httpStatus });
  }
  throw redirectDocument("/");
}

/** The token of Turnstile's widget; null when the form has none. */
export function turnstileTokenOf(form: FormData): string | null {
  return text(form.get("turnstileToken")) || null;
}

function text(value: FormDataEntryValue | null): string {
  return typeof value === "string" ? value : "";
}
