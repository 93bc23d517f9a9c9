import type { Role } from "db";
import type { TokenScope } from "./contracts/account.ts";

/** Limits that administrators have stored for a user, or for the user's role. null: no limit. */
export interface StoredLimits {
  readonly messagesPerDay?: number | null | undefined;
  readonly tokensPerDay?: number | null | undefined;
  readonly storageMaxBytes?: number | null | undefined;
  readonly pictureMaxBytes?: number | undefined;
  readonly fileMaxBytes?: number | undefined;
}

/** Who makes a request, as far as it was proved. Narrowed once, in the procedure's middleware. */
export interface Viewer {
  readonly userId: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly role: Role;
  readonly isGuest: boolean;
  readonly contentShard: number;
  /** What is not in it is as the settings say; see `limitsOf`. */
  readonly storedLimits: StoredLimits;
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
