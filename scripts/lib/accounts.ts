import { createHash, randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { canonicalEmail } from "../../api-worker/src/contracts/email-address.ts";
import { type Databases, sqlText } from "./d1.ts";
import { ScriptError } from "./failure.ts";

/**
 * What an operator does with accounts, in the home database: makes administrators, and links with
 * which users choose a new password. `features/auth/reset/` of the worker takes the links.
 */

/** How long a link works. */
export const linkLifeHours = 24;

const account = z.object({
  email: z.string(),
  role: z.enum(["user", "admin"]),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  /** Epoch milliseconds; null for an account that may log in. */
  disabledAt: z.number().nullable(),
});
/** An account as an operator has to know it before changing it. */
export type Account = z.infer<typeof account>;

const columns = "email, role, createdAt, disabledAt";

/** @throws {ScriptError} when the text is no email address */
export function readAddress(text: string | undefined): string {
  if (text === undefined) throw new ScriptError("Name the account by its email address.");
  const email = canonicalEmail(text);
  if (email === null) throw new ScriptError(`"${text}" is no email address.`);
  return email;
}

/**
 * @param email in canonical form
 * @returns undefined when there is no such account
 */
export async function findAccount(
  databases: Databases,
  email: string,
): Promise<Account | undefined> {
  const [found] = await databases.query("HOME", [selectAccount(email)], account);
  return found;
}

/**
 * Creates an account without a password, which is opened with a link.
 *
 * @param email in canonical form
 * @returns the path of the link, which works once
 * @throws {ScriptError} when the address was taken meanwhile
 */
export async function createAdmin(
  databases: Databases,
  email: string,
  now: number,
): Promise<string> {
  const link = newLink(now);
  const [made] = await databases.query("HOME", sqlForAdmin(email, link), account);
  if (!made) throw new ScriptError(`${email} has just signed up: run the command again.`);
  return link.path;
}

/**
 * The statements that create an administrator without a password, with a link. The last one returns
 * the account's row, or none when the address has an account.
 *
 * @param email in canonical form
 */
export function sqlForAdmin(email: string, { id, now, insertFor }: NewLink): string[] {
  return [
    `INSERT INTO users (id, email, role, createdAt) VALUES ('${randomUUID()}', ${sqlText(email)}, 'admin', ${now}) ON CONFLICT DO NOTHING`,
    // Not for an account that someone else has signed up for at this moment.
    insertFor(email, `passwordHash IS NULL AND role = 'admin' AND createdAt = ${now}`),
    `SELECT ${columns} FROM users WHERE email = ${sqlText(email)} AND id IN (SELECT userId FROM passwordResets WHERE id = '${id}')`,
  ];
}

/**
 * Changes the role of an account.
 *
 * @param email in canonical form
 * @throws {ScriptError} when there is no such account
 */
export async function setRole(
  databases: Databases,
  email: string,
  role: Account["role"],
): Promise<void> {
  const update = `UPDATE users SET role = '${role}' WHERE email = ${sqlText(email)} AND isGuest = 0 RETURNING ${columns}`;
  const [changed] = await databases.query("HOME", [update], account);
  if (!changed) throw new ScriptError(`There is no account with the address ${email}.`);
}

/**
 * Makes a link with which the user chooses a new password. Earlier links of the user stop working.
 *
 * @param email in canonical form
 * @returns the path of the link, which works once
 * @throws {ScriptError} when there is no such account, or it is disabled
 */
export async function createResetLink(
  databases: Databases,
  email: string,
  now: number,
): Promise<string> {
  const link = newLink(now);
  const statements = [
    `DELETE FROM passwordResets WHERE expiresAt <= ${now}`,
    link.insertFor(email, "disabledAt IS NULL"),
    selectAccount(email),
  ];
  const [found] = await databases.query("HOME", statements, account);
  if (!found) throw new ScriptError(`There is no account with the address ${email}.`);
  if (found.disabledAt !== null) throw new ScriptError(`The account ${email} is disabled.`);
  return link.path;
}

function selectAccount(email: string): string {
  return `SELECT ${columns} FROM users WHERE email = ${sqlText(email)} AND isGuest = 0`;
}

export type NewLink = ReturnType<typeof newLink>;

/** The database gets the hash of the secret. The secret itself is in the link alone. */
export function newLink(now: number) {
  const id = randomUUID();
  const secret = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(secret).digest("hex");
  const expiresAt = now + linkLifeHours * 60 * 60 * 1000;
  return {
    id,
    now,
    // Behind the #, which browsers send to no server.
    path: `/reset#${id}.${secret}`,
    /** @param condition on the account's row */
    insertFor: (email: string, condition: string) =>
      `INSERT OR REPLACE INTO passwordResets (userId, id, secretHash, createdAt, expiresAt) SELECT id, '${id}', '${hash}', ${now}, ${expiresAt} FROM users WHERE email = ${sqlText(email)} AND isGuest = 0 AND ${condition}`,
  };
}
