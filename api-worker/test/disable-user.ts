import type { OwnerContext } from "../src/context.ts";
import { shutOutUser } from "../src/features/users/shut-out-user.ts";

/** Disables a user, and shuts the user out, as an administrator does. */
export async function disableUser(owner: OwnerContext): Promise<void> {
  await owner.home.kysely
    .updateTable("users")
    .set({ disabledAt: Date.now() })
    .where("id", "=", owner.userId)
    .execute();
  await shutOutUser(owner);
}
