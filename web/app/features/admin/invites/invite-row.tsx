import type { InviteOutput } from "api-worker/contracts/admin-invites";
import type { Reader } from "../../../lib/date-groups.ts";
import { dateText } from "../../../lib/date-text.ts";
import { Button } from "../../../ui/button.tsx";
import { UserLink } from "../frame/user-link.tsx";
import { Badge } from "../users/user-name.tsx";
import { inviteeOf, inviteState } from "./invite-state.ts";

interface InviteRowProps {
  readonly invite: InviteOutput;
  readonly reader: Reader;
  readonly onRevoke: () => void;
}

const stateNames = { revoked: "Revoked", "used-up": "Used up", expired: "Expired" } as const;

/** An invitation: for whom it is, how often it was used, and until when it works. */
export function InviteRow({ invite, reader, onRevoke }: InviteRowProps) {
  const { uses, maxUses, createdAt, expiresAt, createdBy } = invite;
  const state = inviteState(invite, reader.nowMs);
  const isDeleted = createdBy.email === null && createdBy.name === null;
  return (
    <li className="flex items-start gap-4 py-3 text-sm">
      <div className="min-w-0 flex-1">
        <h2 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium">
          <span className="wrap-anywhere">{inviteeOf(invite)}</span>
          {state === "good" ? (
            <Badge>Active</Badge>
          ) : (
            <Badge isDanger={state === "revoked"}>{stateNames[state]}</Badge>
          )}
        </h2>
        <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-muted">
          <span>{`Used ${uses.toLocaleString("en")} of ${maxUses.toLocaleString("en")}`}</span>
          <span>{`${state === "expired" ? "Expired" : "Expires"} ${dateText(expiresAt, reader)}`}</span>
          <span>
            {`Created ${dateText(createdAt, reader)} by `}
            {isDeleted ? "a deleted user" : <UserLink user={createdBy} />}
          </span>
        </p>
      </div>
      {state === "good" && (
        <Button isSmall onClick={onRevoke}>
          Revoke
        </Button>
      )}
    </li>
  );
}
