import { AppError } from "../../../errors.ts";

/** For the log. The client is told nothing of it. */
export interface TokenFacts {
  readonly reason: "malformed" | "unknown" | "wrong_secret" | "expired" | "disabled_user";
  /** The id of a token that exists. The secret is the other half of its text. */
  readonly tokenId?: string;
  /** Whose token it is. */
  readonly accountId?: string;
}

/** A bearer token was refused. */
export class TokenRefusal extends AppError {
  readonly facts: TokenFacts;

  constructor(facts: TokenFacts) {
    super("UNAUTHENTICATED", "This API token isn’t valid.");
    this.facts = facts;
  }
}
