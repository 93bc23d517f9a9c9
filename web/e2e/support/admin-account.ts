import { createAdmin } from "../../../scripts/lib/accounts.ts";
import { openLocalDatabases } from "../../../scripts/lib/d1.ts";

/** The account that the stack with the demo model names as an administrator's. */
export const adminAccount = {
  email: "admin@example.com",
  password: "correct horse battery",
};

/**
 * Creates an administrator without a password, as an operator does.
 *
 * @param stateDir absolute path of a local storage that is not in use
 * @returns the path of a link with which the administrator chooses one
 */
export async function addAdministrator(stateDir: string): Promise<string> {
  const databases = await openLocalDatabases(stateDir);
  try {
    return await createAdmin(databases, "root@example.com", Date.now());
  } finally {
    await databases.close();
  }
}
