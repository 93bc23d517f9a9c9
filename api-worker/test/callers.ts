import { env } from "cloudflare:workers";
import { createHomeDb, type UserRow } from "db";
import { startSession } from "../src/features/auth/session/session.ts";
import { type ClientOptions, createClient, type TestClient } from "./client.ts";
import { createUser } from "./factories.ts";

/** Every kind of caller of the API. `owner` and `anotherUser` differ only in what they own. */
export const callerKinds = ["anonymous", "guest", "owner", "anotherUser", "admin"] as const;
export type CallerKind = (typeof callerKinds)[number];

/** A browser in which `user` is logged in. */
export interface Caller extends TestClient {
  readonly user: UserRow;
}

/** A browser in which no one is logged in. */
export function anonymous(options?: ClientOptions): TestClient {
  return createClient(options);
}

/** Logs a user in on a new browser, without the cost of a password. */
export async function callerAs(user: UserRow, options?: ClientOptions): Promise<Caller> {
  const client = createClient(options);
  const resHeaders = new Headers();
  await startSession(
    createHomeDb(env.HOME),
    { url: new URL(client.origin), resHeaders },
    {
      userId: user.id,
      userAgent: options?.userAgent ?? "test browser",
      replacedSessionId: null,
      guestId: null,
    },
  );
  const [pair = ""] = (resHeaders.get("set-cookie") ?? "").split("; ");
  const [name = "", value = ""] = pair.split("=");
  client.cookies.set(name, value);
  return { ...client, user };
}

/** A new user of a kind, logged in on a new browser. */
export async function callerFor(kind: Exclude<CallerKind, "anonymous">): Promise<Caller> {
  switch (kind) {
    case "guest":
      return callerAs(await createUser({ email: null }));
    case "admin":
      return callerAs(await createUser({ role: "admin" }));
    default:
      return callerAs(await createUser());
  }
}

/** Every kind of caller except the owner, each as a fresh browser. */
export const strangers: Readonly<Record<string, () => Promise<TestClient>>> = {
  anonymous: async () => anonymous(),
  guest: () => callerFor("guest"),
  anotherUser: () => callerFor("anotherUser"),
  admin: () => callerFor("admin"),
};
