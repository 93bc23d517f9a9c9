import { z } from "zod";
import { readAddress } from "./accounts.ts";
import { contentBindings, type Databases, sqlText } from "./d1.ts";
import { ScriptError } from "./failure.ts";

/**
 * Requests to build search indexes anew. A request is a row of `searchChanges` with the scope `all`.
 * The object that keeps the index turns it to `building` and deletes it when the index is built.
 */

const waiting = "scope IN ('all', 'building')";

export interface Requests {
  /** The databases that the requests are in. */
  readonly bindings: readonly string[];
  /** The owner, if there is only one. */
  readonly userId?: string;
  /** How many owners wait, those that had asked before included. */
  readonly total: number;
}

/**
 * Asks for the search index of an account, or of every owner of chats or documents. Owners that wait
 * already are not asked for again.
 *
 * @param email the account's address; without it all owners are meant
 * @throws {ScriptError} when there is no such account, or a statement fails
 */
export async function requestRebuild(databases: Databases, email?: string): Promise<Requests> {
  const person = email === undefined ? undefined : await findPerson(databases, email);
  const bindings = person ? [person.binding] : contentBindings();
  const owners = person
    ? `SELECT ${sqlText(person.id)} AS userId`
    : "SELECT userId FROM chats UNION SELECT userId FROM documents";
  const insert = `INSERT INTO searchChanges (userId, chatId, scope)
    SELECT userId, '', 'all' FROM (${owners})
    WHERE userId NOT IN (SELECT userId FROM searchChanges WHERE ${waiting})`;
  const userId = person && { userId: person.id };
  const total = await countIn(databases, bindings, [insert], userId?.userId);
  return { bindings, ...userId, total };
}

/** @returns how many of the owners wait for their indexes */
export function countWaiting(
  databases: Databases,
  { bindings, userId }: Pick<Requests, "bindings" | "userId">,
): Promise<number> {
  return countIn(databases, bindings, [], userId);
}

async function countIn(
  databases: Databases,
  bindings: readonly string[],
  statementsBefore: readonly string[],
  userId: string | undefined,
): Promise<number> {
  const ofOwner = userId === undefined ? "" : ` AND userId = ${sqlText(userId)}`;
  const count = `SELECT count(DISTINCT userId) AS owners FROM searchChanges WHERE ${waiting}${ofOwner}`;
  let total = 0;
  for (const binding of bindings) {
    const statements = [...statementsBefore, count];
    const [row] = await databases.query(binding, statements, z.object({ owners: z.number() }));
    total += row?.owners ?? 0;
  }
  return total;
}

interface Person {
  readonly id: string;
  /** Of the database with the person's chats. */
  readonly binding: string;
}

const owner = z.object({ id: z.string(), contentShard: z.number() });

/** @throws {ScriptError} when the text is no address, or no account has it */
async function findPerson(databases: Databases, email: string): Promise<Person> {
  const address = readAddress(email);
  const select = `SELECT id, contentShard FROM users WHERE email = ${sqlText(address)}`;
  const [user] = await databases.query("HOME", [select], owner);
  if (!user) throw new ScriptError(`There is no account with the address ${address}.`);
  const binding = `CONTENT_${user.contentShard}`;
  if (!contentBindings().includes(binding)) {
    throw new ScriptError(`The chats of ${address} are in ${binding}, which wrangler.toml lacks.`);
  }
  return { id: user.id, binding };
}
