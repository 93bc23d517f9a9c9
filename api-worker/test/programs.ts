import type { TokenScope } from "../src/contracts/account.ts";
import type { Caller } from "./callers.ts";
import { createClient, type TestClient } from "./client.ts";

/** A program: it sends a bearer token, and neither cookies nor Origin. */
export interface Program extends TestClient {
  readonly token: string;
  readonly tokenId: string;
}

/** Creates a token for a user and returns a program that uses it. */
export async function programOf(owner: Caller, scopes: TokenScope[]): Promise<Program> {
  const created = await owner.api.account.tokens.create.mutate({
    name: "a program",
    scopes,
    expiresInDays: null,
  });
  return { ...createClient({ token: created.token }), token: created.token, tokenId: created.id };
}
