/** The worker of the tests: the real one, with a chat object in which a test can let things fail. */
import { ChatObject as RealChatObject } from "../src/features/messages/chat.do.ts";
import { faultyDeps } from "./faults.ts";

export * from "../src/index.ts";
export { default } from "../src/index.ts";

/** The real object. What it does differs only where a test has asked for it. */
export class ChatObject extends RealChatObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, faultyDeps(ctx, env));
  }
}
