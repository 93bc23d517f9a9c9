import { type HomeDb, valuesOf } from "db";

interface Owner {
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
}

/**
 * Finds the owners of rows that a list shows, in one query.
 *
 * @returns a function from a user's id to the user; one who was deleted meanwhile has only the id
 */
export async function findOwners(
  home: HomeDb,
  rows: readonly { readonly userId: string }[],
): Promise<(userId: string) => Owner> {
  const userIds = [...new Set(rows.map(({ userId }) => userId))];
  const owners = await home.kysely
    .selectFrom("users")
    .select(["id", "email", "name"])
    .where("id", "in", valuesOf(userIds))
    .execute();
  const ownerOf = new Map(owners.map((owner) => [owner.id, owner]));
  return (userId) => ownerOf.get(userId) ?? { id: userId, email: null, name: null };
}
