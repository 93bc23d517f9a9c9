/** The state of a form that failed. */
export interface AuthFailure {
  /** An error of the whole form; null when the fields have all errors. */
  readonly message: string | null;
  readonly fields: { readonly email?: string; readonly password?: string };
  /** The entered values, so that they need not be typed again. Never the password. */
  readonly email: string;
}
