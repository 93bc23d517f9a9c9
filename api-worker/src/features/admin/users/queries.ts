/** The lists of users. Each is served by an index of its own (migration 0012 of home). */
import { type ContentDb, type HomeDb, sql, valuesOf } from "db";
import type { UserKind, UserSort } from "../../../contracts/admin-users.ts";

/** The place of a user in a list: what the list is sorted by, then the id. */
export type UserKey = readonly [value: number | string, id: string];

interface UserPage {
  readonly kind: UserKind;
  /** The key of the last user of the previous page; null for the first page. */
  readonly after: UserKey | null;
  /** Users to read. */
  readonly limit: number;
}

/** Literals, because an index of a part of the table serves no condition with a parameter. */
const isOfKind = {
  accounts: sql<boolean>`users.isGuest = 0`,
  guests: sql<boolean>`users.isGuest = 1`,
  admins: sql<boolean>`users.role = 'admin'`,
  disabled: sql<boolean>`users.disabledAt IS NOT NULL`,
} satisfies Record<UserKind, unknown>;

/** Also a guest has a session, and a user with many is found by the newest. */
const lastSeenAt = sql<number | null>`(SELECT lastSeenAt FROM sessions
  WHERE sessions.userId = users.id ORDER BY lastSeenAt DESC LIMIT 1)`;

const userColumns = [
  "users.id",
  "users.email",
  "users.name",
  "users.role",
  "users.isGuest",
  "users.contentShard",
  "users.emailVerifiedAt",
  "users.createdAt",
  "users.disabledAt",
  lastSeenAt.as("lastSeenAt"),
] as const;

const selectUsers = (home: HomeDb) => home.kysely.selectFrom("users").select(userColumns);

export type FoundUser = Awaited<
  ReturnType<ReturnType<typeof selectUsers>["executeTakeFirstOrThrow"]>
>;

/** A user in a list, with the value that the list is sorted by. */
export type ListedUser = FoundUser & { readonly key: UserKey[0] };

export function findUser(home: HomeDb, userId: string) {
  return selectUsers(home).where("users.id", "=", userId).executeTakeFirst();
}

/** Lists a page of users of a kind. */
export function listUsersByTime(
  home: HomeDb,
  { kind, after, limit, sort }: UserPage & { readonly sort: Exclude<UserSort, "email"> },
): Promise<ListedUser[]> {
  const isNewest = sort === "newest";
  const direction = isNewest ? "desc" : "asc";
  const query = selectUsers(home)
    .select("users.createdAt as key")
    .where(isOfKind[kind])
    .orderBy("users.createdAt", direction)
    .orderBy("users.id", direction)
    .limit(limit);
  if (after === null) return query.execute();
  const comparison = isNewest ? sql`<` : sql`>`;
  const isAfter = sql<boolean>`(users.createdAt, users.id) ${comparison} (${after[0]}, ${after[1]})`;
  return query.where(isAfter).execute();
}

/** Selects users that have an address, from a key on. */
function selectUsersByEmail(home: HomeDb, after: UserKey | null) {
  return selectUsers(home)
    .select(sql<string>`users.email`.as("key"))
    .where("users.email", ">", String(after?.[0] ?? ""))
    .orderBy("users.email");
}

/** Lists a page of users of a kind that have an address, by it. */
export function listUsersByEmail(
  home: HomeDb,
  { kind, after, limit }: UserPage,
): Promise<ListedUser[]> {
  const query = selectUsersByEmail(home, after);
  // A user with an address is no guest, so the index of all addresses serves the accounts.
  const ofKind = kind === "accounts" ? query : query.where(isOfKind[kind]);
  return ofKind.limit(limit).execute();
}

/** Greater than every text that begins with `prefix`, as SQLite compares texts. */
const endOf = (prefix: string) => `${prefix}\u{10ffff}`;

/**
 * Lists a page of users whose address or name begins with a text.
 *
 * @param prefix with ASCII letters in lower case, as `lower` of SQLite makes them
 */
export async function searchUsers(
  home: HomeDb,
  prefix: string,
  { kind, after, limit }: UserPage,
): Promise<ListedUser[]> {
  const [key, id] = after ?? ["", ""];
  const end = endOf(prefix);
  // The plus sign keeps the query on the index of what is searched.
  const ofKind = sql`+(${isOfKind[kind]})`;
  const byEmail = sql`SELECT id, email AS key FROM users
    WHERE email >= ${prefix} AND email < ${end} AND email >= ${key}
      AND (email, id) > (${key}, ${id}) AND ${ofKind}
    ORDER BY email LIMIT ${limit}`;
  const byName = sql`SELECT id, lower(name) AS key FROM users
    WHERE name IS NOT NULL AND lower(name) >= ${prefix} AND lower(name) < ${end}
      AND (lower(name), id) > (${key}, ${id}) AND ${ofKind}
      AND NOT (coalesce(email, '') >= ${prefix} AND coalesce(email, '') < ${end})
    ORDER BY lower(name), id LIMIT ${limit}`;
  const page = sql<{ id: string; key: string }>`
    (SELECT * FROM (${byEmail}) UNION ALL SELECT * FROM (${byName}))`;
  return home.kysely
    .selectFrom(page.as("page"))
    .innerJoin("users", "users.id", "page.id")
    .select([...userColumns, "page.key"])
    .orderBy("page.key")
    .orderBy("page.id")
    .limit(limit)
    .execute();
}

/** Lists a page of users whose address has a domain. @param domain with its @ */
export function listUsersOfDomain(
  home: HomeDb,
  domain: string,
  { kind, after, limit }: UserPage,
): Promise<ListedUser[]> {
  return selectUsersByEmail(home, after)
    .where("users.email", "is not", null)
    .where(sql`substr(users.email, instr(users.email, '@'))`, "=", domain)
    .where(sql<boolean>`+(${isOfKind[kind]})`)
    .limit(limit)
    .execute();
}

/** Reads what each of some users of one content database stores. */
export function listUses(content: ContentDb, userIds: readonly string[]) {
  return content.kysely
    .selectFrom("contentUse")
    .select(["userId", "chats", "messages", "textBytes", "fileBytes", "streamBytes"])
    .where("userId", "in", valuesOf(userIds))
    .execute();
}
