import type { Role } from "db";
import type { TokenScope } from "./contracts/account.ts";
import type { StoredSettings } from "./contracts/site-settings.ts";
import type { Credential } from "./platform/user-object.ts";

/** Limits that administrators have stored for a user, or for the user's role. null: no limit. */
export interface StoredLimits {
  readonly messagesPerDay?: number | null | undefined;
  readonly tokensPerDay?: number | null | undefined;
  readonly costPerDayNanos?: number | null | undefined;
  readonly costPerMonthNanos?: number | null | undefined;
  readonly storageMaxBytes?: number | null | undefined;
  readonly storageMaxMessages?: number | null | undefined;
  readonly pictureMaxBytes?: number | undefined;
  readonly fileMaxBytes?: number | undefined;
}

/** The authenticated caller of a request. Narrowed once, in the procedure's middleware. */
export interface Viewer {
  readonly userId: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly role: Role;
  readonly isGuest: boolean;
  readonly contentShard: number;
  /** Limits that are missing here come from the settings; see `limitsOf`. */
  readonly storedLimits: StoredLimits;
  /** The settings of the site as they are now; see `siteSettingsOf`. */
  readonly storedSettings: StoredSettings;
  /** The id of the browser's session; null for a program. */
  readonly sessionId: string | null;
  /** The session or the token with which this request came. */
  readonly credential: Credential;
  /** The scopes of a program's token; null for a person, who is not restricted by scopes. */
  readonly scopes: readonly TokenScope[] | null;
  /** Whether some of the viewer's chats came from a guest. */
  readonly hasCarriedChats: boolean;
  /** Whether some of those are not moved yet; see `carry-guest.ts`. */
  readonly hasPendingChats?: boolean;
  /** The ticket of a guest who has no row yet, before the first message; see `guest-ticket.ts`. */
  readonly ticket?: { readonly id: string; readonly secret: string };
}
