import type { HomeDb } from "db";
import { z } from "zod";
import type { Context } from "../../../context.ts";
import type {
  ListedUserOutput,
  ListUsersOutput,
  listUsersInput,
} from "../../../contracts/admin-users.ts";
import { contentFor } from "../../../platform/content.ts";
import { decodeCursor, encodeCursor } from "../../../platform/cursor.ts";
import { usedBytesOf } from "../../limits/storage.ts";
import {
  type FoundUser,
  findUser,
  type ListedUser,
  listUsersByEmail,
  listUsersByTime,
  listUsersOfDomain,
  listUses,
  searchUsers,
  type UserKey,
} from "./queries.ts";

type Input = z.infer<typeof listUsersInput>;

const keySchema = z.tuple([z.union([z.int(), z.string().max(254)]), z.string().max(100)]);
const idSchema = z.uuid();

/**
 * Lists a page of users, with what each of them stores.
 *
 * @throws AppError INVALID for a cursor of another origin
 */
export async function listUsers(
  { env, home }: Pick<Context, "env" | "home">,
  { limit, cursor, ...input }: Input,
): Promise<ListUsersOutput> {
  const after = cursor == null ? null : decodeCursor(keySchema, cursor);
  const rows = await readUsers(home, { ...input, after, limit: limit + 1 });
  const users = rows.slice(0, limit);
  const last = rows.length > limit ? users.at(-1) : undefined;
  return {
    items: await addUses(env, users),
    nextCursor: last === undefined ? null : encodeCursor([last.key, last.id]),
  };
}

interface Page extends Pick<Input, "kind" | "sort" | "search"> {
  readonly after: UserKey | null;
  readonly limit: number;
}

async function readUsers(home: HomeDb, page: Page): Promise<ListedUser[]> {
  const { kind, sort } = page;
  // SQLite folds the case of ASCII letters only.
  const search = page.search?.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (search === undefined) {
    if (sort === "email" && kind !== "guests") return listUsersByEmail(home, page);
    return listUsersByTime(home, { ...page, sort: sort === "oldest" ? "oldest" : "newest" });
  }
  if (idSchema.safeParse(search).success) {
    const user = page.after === null ? await findUser(home, search) : undefined;
    return user ? [{ ...user, key: user.id }] : [];
  }
  if (search.startsWith("@")) return listUsersOfDomain(home, search, page);
  return searchUsers(home, search, page);
}

/** The facts of a user, as the API returns them. */
export function toUserFacts({ contentShard: _, isGuest, ...user }: FoundUser) {
  return { ...user, isGuest: isGuest === 1 };
}

/** Adds what each user stores. One query for each content database. */
async function addUses(env: Env, users: readonly FoundUser[]): Promise<ListedUserOutput[]> {
  const shards = Map.groupBy(users, ({ contentShard }) => contentShard);
  const uses = await Promise.all(
    [...shards].map(([contentShard, ofShard]) =>
      listUses(
        contentFor(env, { contentShard }),
        ofShard.map(({ id }) => id),
      ),
    ),
  );
  const useOf = new Map(uses.flat().map((use) => [use.userId, use]));
  return users.map((user) => {
    const use = useOf.get(user.id);
    return {
      ...toUserFacts(user),
      chats: use?.chats ?? 0,
      messages: use?.messages ?? 0,
      storedBytes: use ? usedBytesOf({ ...use, openAnswers: 0 }) : 0,
    };
  });
}
