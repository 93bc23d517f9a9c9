/** The result of a failed submission. */
export interface AuthFailure {
  /** An error of the whole form; null when every error belongs to a field. */
  readonly message: string | null;
  readonly fields: { readonly email?: string; readonly password?: string };
  /** The entered values, so that they need not be typed again. Never the password. */
  readonly email: string;
  readonly invite: string;
}

/** Why a new password could not be set. */
export interface ResetFailure {
  /** Shown above the form; null when each problem is at its field. */
  readonly message: string | null;
  readonly fields: { readonly newPassword?: string; readonly repeated?: string };
}
