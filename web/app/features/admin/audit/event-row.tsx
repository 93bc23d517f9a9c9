import type { AuditEventOutput, AuditUserOutput } from "api-worker/contracts/admin-audit";
import type { Reader } from "../../../lib/date-groups.ts";
import { timeText } from "../../../lib/date-text.ts";
import { UserLink } from "../frame/user-link.tsx";
import { detailsText, wordsOf } from "./event-text.ts";

interface EventRowProps {
  readonly event: AuditEventOutput;
  readonly reader: Reader;
}

/** An entry of the log as a sentence, with its reason, time and request. */
export function EventRow({ event, reader }: EventRowProps) {
  const { actor, owner, reason, createdAt, requestId } = event;
  const { before, after } = wordsOf(event);
  const details = detailsText(event.details);
  return (
    <li className="py-3">
      <p className="wrap-anywhere">
        <EventUser user={actor} /> {before} {owner ? <EventUser user={owner} /> : event.targetId}{" "}
        {after}
      </p>
      {reason !== null && <p className="mt-1 text-sm wrap-anywhere">{`“${reason}”`}</p>}
      <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-muted">
        <span>{timeText(createdAt, reader)}</span>
        {requestId !== null && (
          <span>
            Request <code className="font-mono select-all">{requestId}</code>
          </span>
        )}
        {details !== "" && <span className="wrap-anywhere">{details}</span>}
      </p>
    </li>
  );
}

/** A link to the page of a user; only the id of a user who was deleted. */
function EventUser({ user }: { readonly user: AuditUserOutput }) {
  if (user.email !== null || user.name !== null) return <UserLink user={user} />;
  return <code className="font-mono text-[0.8125rem]">{user.id}</code>;
}
