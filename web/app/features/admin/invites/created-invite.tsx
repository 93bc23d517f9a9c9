import type { CreatedInviteOutput } from "api-worker/contracts/admin-invites";
import { useEffect, useRef } from "react";
import type { Reader } from "../../../lib/date-groups.ts";
import { dateText } from "../../../lib/date-text.ts";
import { Button } from "../../../ui/button.tsx";
import { CopyField } from "../../../ui/copy-field.tsx";
import { inviteLink } from "./invite-state.ts";

interface CreatedInviteProps {
  readonly invite: CreatedInviteOutput;
  readonly reader: Reader;
  readonly onDone: () => void;
}

/** Shows a new invitation's link, which can't be shown again. */
export function CreatedInvite({ invite, reader, onDone }: CreatedInviteProps) {
  const headingRef = useRef<HTMLHeadingElement>(null);
  // Takes the focus over from the dialog that it follows.
  useEffect(() => headingRef.current?.focus(), []);
  const link = inviteLink(window.location.origin, invite.token);
  return (
    <section className="rounded-2xl border border-accent bg-raised p-5 shadow-raised sm:p-6">
      <h2
        ref={headingRef}
        tabIndex={-1}
        className="text-lg font-semibold tracking-tight outline-none"
      >
        The invitation is ready
      </h2>
      <p className="mt-2 text-pretty">
        {`Copy the link now, and send it to the people you invite. You won’t be able to see it again. It works until ${dateText(invite.expiresAt, reader)}.`}
      </p>
      <CopyField text={link} label="Copy link" />
      <Button look="primary" className="mt-5" onClick={onDone}>
        Done
      </Button>
    </section>
  );
}
