import {
  type ActionFunctionArgs,
  data,
  type RouterContextProvider,
  redirectDocument,
} from "react-router";
import { readError } from "../../lib/error-text.ts";
import { logFailure } from "../../lib/log.server.ts";
import { nextPath } from "../../lib/next-path.ts";
import { apiContext, requestContext } from "../../lib/request-context.server.ts";
import type { AuthFailure } from "./auth-form.ts";

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
      });
  } catch (error) {
    const { id } = context.get(requestContext);
    if (readError(error).httpStatus >= 500)
      logFailure("auth.action_failed", id, error, url.pathname);
    return failure(error, email);
  }
  throw redirectDocument(nextPath(url.searchParams.get("next")));
}

function failure(error: unknown, email: string) {
  const { errorCode, text, fields, httpStatus, retryAfterSeconds } = readError(error);
  const own = {
    ...(fields.email && { email: fields.email }),
    ...(fields.password && { password: fields.password }),
  };
  // The error for a taken address belongs to the email field.
  if (errorCode === "CONFLICT") own.email = text;
  const hasFields = Object.keys(own).length > 0;
  const answer: AuthFailure = { message: hasFields ? null : text, fields: own, email };
  const headers = new Headers();
  if (retryAfterSeconds !== null) headers.set("retry-after", String(retryAfterSeconds));
  return data(answer, { status: httpStatus, headers });
}

/** The token of Turnstile's widget; null when the form has none. */
export function turnstileTokenOf(form: FormData): string | null {
  return text(form.get("turnstileToken")) || null;
}

function text(value: FormDataEntryValue | null): string {
  return typeof value === "string" ? value : "";
}
