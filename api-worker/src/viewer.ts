import type { Role } from "db";
import type { TokenScope } from "./contracts/account.ts";

/** Who makes a request, as far as it was proved. Narrowed once, in the procedure's middleware. */
export interface Viewer {
  readonly userId: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly role: Role;
  readonly isGuest: boolean;
  readonly contentShard: number;
  /** The browser's session; null for a program. */
  readonly sessionId: string | null;
  /** What a program's token may do; null for a person, who may do all that is theirs. */
  readonly scopes: readonly TokenScope[] | null;
  /** Whether some of the chats came from a guest. */
  readonly hasCarriedChats: boolean;
  /** Some of those are still on their way; see `carry-guest.ts`. */
  readonly hasPendingChats?: boolean;
  /** Of a guest who has not written anything yet, and so has no row; see `guest-ticket.ts`. */
  readonly ticket?: { readonly id: string; readonly secret: string };
}
