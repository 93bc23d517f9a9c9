import { useState } from "react";
import { TextField } from "../../ui/text-field.tsx";
import { inviteTokenOf } from "./invite-token.ts";
import { useLinkSecret } from "./use-link-secret.ts";

interface InviteFieldProps {
  /** The token in the address of a link of an earlier version; null without one. */
  readonly given: string | null;
  /** What was sent before and refused. */
  readonly entered: string | undefined;
}

/**
 * The invitation with which someone signs up: that of the link that was opened, or else a field for
 * it, which is also the way without JavaScript.
 */
export function InviteField({ given, entered }: InviteFieldProps) {
  // A submission that fails leads to an address without it.
  const [first] = useState(given);
  const secret = useLinkSecret();
  const token = first ?? (secret?.includes("invite=") ? inviteTokenOf(secret) : "");
  if (token !== "") return <input type="hidden" name="invite" value={token} />;
  return (
    <TextField
      label="Invitation link"
      name="invite"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      inputMode="url"
      required
      defaultValue={entered}
      hint="Sign-up is by invitation. Paste the link that you received, or ask an administrator for one."
    />
  );
}
