import { DurableObject } from "cloudflare:workers";

/** One object for a user: tells the user's open pages what happens elsewhere. */
export class UserObject extends DurableObject<Env> {}
