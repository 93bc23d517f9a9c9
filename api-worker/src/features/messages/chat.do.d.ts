import { DurableObject } from "cloudflare:workers";
export declare class ChatObject extends DurableObject<Env> {}
