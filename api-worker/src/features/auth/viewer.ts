import type { Role } from "db";

/** Who makes a request, as far as it was proved. Narrowed once, in the procedure's middleware. */
export interface Viewer {
  readonly userId: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly role: Role;
  readonly isGuest: boolean;
  readonly contentShard: number;
  readonly sessionId: string;
}
