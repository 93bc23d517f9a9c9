import { DurableObject } from "cloudflare:workers";

/** One object for an open stream. */
export class OpenStreamObject extends DurableObject<Env> {}
