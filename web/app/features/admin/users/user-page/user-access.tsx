import type { UserAccessOutput } from "api-worker/contracts/admin-users";
import type { Reader } from "../../../../lib/date-groups.ts";
import { dateText, timeText } from "../../../../lib/date-text.ts";
import { trpc } from "../../../../lib/trpc.ts";
import { LoadingLines, QueryFailure } from "../../../../ui/load-state.tsx";
import { browserText } from "../../../account/security/browser-text.ts";
import { expiryText, scopesText } from "../../../account/token-text.ts";

interface UserAccessProps {
  readonly userId: string;
  readonly reader: Reader;
}

/** The browsers and programs with which a user is logged in. */
export function UserAccess({ userId, reader }: UserAccessProps) {
  const access = trpc.admin.users.access.useQuery({ userId });
  if (access.isPending) return <LoadingLines label="Loading sessions" widths={[55, 70]} />;
  if (!access.data) {
    return <QueryFailure query={access} />;
  }
  const { sessions, tokens } = access.data;
  return (
    <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
      <section aria-labelledby="user-sessions">
        <h2 id="user-sessions" className="text-lg font-semibold tracking-tight">
          Sessions
        </h2>
        {sessions.length === 0 ? (
          <p className="mt-2 text-muted">Not logged in anywhere.</p>
        ) : (
          <ul className="mt-3 divide-y divide-line border-y border-line">
            {sessions.map((session) => (
              <Session key={session.id} session={session} reader={reader} />
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="user-tokens">
        <h2 id="user-tokens" className="text-lg font-semibold tracking-tight">
          API tokens
        </h2>
        {tokens.length === 0 ? (
          <p className="mt-2 text-muted">No tokens.</p>
        ) : (
          <ul className="mt-3 divide-y divide-line border-y border-line">
            {tokens.map((token) => (
              <Token key={token.id} token={token} reader={reader} />
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

interface SessionProps {
  readonly session: UserAccessOutput["sessions"][number];
  readonly reader: Reader;
}

function Session({ session, reader }: SessionProps) {
  return (
    <li className="py-3">
      <h3 className="font-medium">{browserText(session.userAgent)}</h3>
      <p className="mt-0.5 flex flex-wrap gap-x-4 text-sm text-muted">
        <span>{`Last active ${timeText(session.lastSeenAt, reader)}`}</span>
        <span>{`Logged in ${dateText(session.createdAt, reader)}`}</span>
      </p>
    </li>
  );
}

interface TokenProps {
  readonly token: UserAccessOutput["tokens"][number];
  readonly reader: Reader;
}

function Token({ token, reader }: TokenProps) {
  const { name, createdAt, expiresAt, lastUsedAt } = token;
  return (
    <li className="py-3">
      <h3 className="font-medium wrap-anywhere">{name}</h3>
      <p className="mt-0.5 flex flex-wrap gap-x-4 text-sm text-muted">
        <span>{scopesText(token)}</span>
        <span>{`Created ${dateText(createdAt, reader)}`}</span>
        <span>{expiryText(expiresAt, reader)}</span>
        <span>
          {lastUsedAt === null ? "Never used" : `Last used ${dateText(lastUsedAt, reader)}`}
        </span>
      </p>
    </li>
  );
}
