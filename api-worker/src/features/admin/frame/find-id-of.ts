import type { HomeDb } from "db";
import { canonicalEmail } from "../../../contracts/email-address.ts";

/**
 * The id of the user whom a filter names by address or by id.
 *
 * @returns undefined without a filter; the text itself for an address that no one has, which then
 *   finds nothing, and for an id, also of a user who was deleted
 */
export async function findIdOf(
  home: HomeDb,
  user: string | undefined,
): Promise<string | undefined> {
  const email = user === undefined ? null : canonicalEmail(user);
  if (email === null) return user;
  const found = await home.kysely
    .selectFrom("users")
    .select("id")
    .where("email", "=", email)
    .executeTakeFirst();
  return found?.id ?? user;
}
