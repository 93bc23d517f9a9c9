import type { UserOutput } from "api-worker/contracts/admin-users";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Reader } from "../../../../lib/date-groups.ts";
import { dateText, timeText } from "../../../../lib/date-text.ts";
import { trpc } from "../../../../lib/trpc.ts";
import { useReader } from "../../../../lib/use-reader.ts";
import { BackLink } from "../../frame/back-link.tsx";
import { Badge, nameOf } from "../user-name.tsx";
import { UserAccess } from "./user-access.tsx";
import { UserActions } from "./user-actions.tsx";
import { UserContent } from "./user-content.tsx";
import { UserLimits } from "./user-limits.tsx";
import { UserUsage } from "./user-usage.tsx";

interface UserPageProps {
  readonly userId: string;
  readonly initialReader: Reader;
}

/** Everything about one user but what is in the chats, and what can be done about the user. */
export function UserPage({ userId, initialReader }: UserPageProps) {
  const reader = useReader(initialReader);
  const { data: user } = trpc.admin.users.get.useQuery({ userId });
  // The page's loader has fetched it.
  if (!user) return null;
  return (
    <>
      <UserHeader user={user} reader={reader} />
      <UserActions user={user} />
      <UserUsage userId={userId} reader={reader} />
      <UserContent user={user} reader={reader} />
      <UserLimits userId={userId} />
      <UserAccess userId={userId} reader={reader} />
      <p className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
        <Link
          to={`/admin/audit?about=${userId}`}
          className="font-medium text-accent underline underline-offset-2"
        >
          Audit log of this user
        </Link>
      </p>
    </>
  );
}

function UserHeader({ user, reader }: { user: UserOutput; reader: Reader }) {
  const { email, role, disabledAt, emailVerifiedAt, lastSeenAt } = user;
  return (
    <header>
      <BackLink to="/admin/users">Users</BackLink>
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-2xl font-semibold tracking-tight wrap-anywhere">{nameOf(user)}</h1>
        {role === "admin" && <Badge>Admin</Badge>}
        {disabledAt !== null && <Badge isDanger>Disabled</Badge>}
      </div>
      <dl className="mt-4 grid grid-cols-1 gap-x-8 gap-y-3 text-sm sm:grid-cols-2 lg:grid-cols-3">
        {email !== null && (
          <Fact name="Email">
            {email}
            <span className="text-muted">{emailVerifiedAt === null && " (not verified)"}</span>
          </Fact>
        )}
        <Fact name="Joined">{dateText(user.createdAt, reader)}</Fact>
        <Fact name="Last active">
          {lastSeenAt === null ? "No active session" : timeText(lastSeenAt, reader)}
        </Fact>
        {disabledAt !== null && <Fact name="Disabled">{timeText(disabledAt, reader)}</Fact>}
        <Fact name="User ID">
          <code className="font-mono text-[0.8125rem] select-all">{user.id}</code>
        </Fact>
      </dl>
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted">{name}</dt>
      <dd className="mt-0.5 wrap-anywhere">{children}</dd>
    </div>
  );
}
