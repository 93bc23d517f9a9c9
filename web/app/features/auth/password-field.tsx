import { limits } from "api-worker/contracts/limits";
import { TextField } from "../../ui/text-field.tsx";

interface PasswordFieldProps {
  readonly label: string;
  readonly name: string;
  readonly autoComplete: "current-password" | "new-password";
  readonly hint?: string;
  readonly error: string | undefined;
}

/** A field for a password that is required. */
export function PasswordField(props: PasswordFieldProps) {
  return <TextField {...props} type="password" maxLength={limits.passwordMaxUnits} required />;
}
