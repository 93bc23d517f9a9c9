import { Link } from "react-router";

interface UserLinkProps {
  readonly user: {
    readonly id: string;
    readonly email: string | null;
    readonly name: string | null;
  };
}

/** What a user is called: the address, else the name or a part of the id. */
export function addressOf({ id, email, name }: UserLinkProps["user"]): string {
  return email ?? name ?? `Guest ${id.slice(-8)}`;
}

/** A link to the page of a user. */
export function UserLink({ user }: UserLinkProps) {
  return (
    <Link
      to={`/admin/users/${user.id}`}
      className="font-medium underline-offset-2 wrap-anywhere hover:underline"
    >
      {addressOf(user)}
    </Link>
  );
}
