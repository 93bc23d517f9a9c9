import type { ListedUserOutput } from "api-worker/contracts/admin-users";
import { Link } from "react-router";

type NamedUser = Pick<
  ListedUserOutput,
  "id" | "name" | "email" | "role" | "isGuest" | "disabledAt"
>;

/** What a user is called: the name, else the address; a guest by the end of the id. */
export function nameOf({ id, name, email }: Pick<NamedUser, "id" | "name" | "email">): string {
  return name ?? email ?? `Guest ${id.slice(-8)}`;
}

/** A user's name with the address below, and what is special about the user. */
export function UserName({ user }: { readonly user: NamedUser }) {
  return (
    <>
      <p className="flex items-center gap-2">
        <Link
          to={`/admin/users/${user.id}`}
          className="truncate font-medium underline-offset-2 hover:underline"
        >
          {nameOf(user)}
        </Link>
        {user.role === "admin" && <Badge>Admin</Badge>}
        {user.disabledAt !== null && <Badge isDanger>Disabled</Badge>}
      </p>
      {user.name !== null && user.email !== null && (
        <p className="truncate text-muted">{user.email}</p>
      )}
    </>
  );
}

interface BadgeProps {
  readonly isDanger?: boolean;
  readonly children: string;
}

export function Badge({ isDanger = false, children }: BadgeProps) {
  return (
    <span
      className={
        isDanger
          ? "shrink-0 rounded-full bg-danger-soft px-2 py-0.5 text-xs font-medium text-danger"
          : "shrink-0 rounded-full bg-accent-soft px-2 py-0.5 text-xs font-medium text-accent"
      }
    >
      {children}
    </span>
  );
}
