/** What an auth page shows after a form that did not succeed. */
export interface AuthFailure {
  /** For the form as a whole; null when the fields say it all. */
  readonly message: string | null;
  readonly fields: { readonly email?: string; readonly password?: string };
  /** What was typed, so that it need not be typed again. Never the password. */
  readonly email: string;
}
