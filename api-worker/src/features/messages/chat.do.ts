import { DurableObject } from "cloudflare:workers";

export class ChatObject extends DurableObject<Env> {}
