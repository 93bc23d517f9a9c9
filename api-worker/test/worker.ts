/** The worker of the tests: the real one, in which a test can let things fail. */
import { ChatObject as RealChatObject } from "../src/features/messages/object/chat.do.ts";
import worker from "../src/index.ts";
import { faultyDeps, mortalEnv } from "./faults.ts";

export * from "../src/index.ts";

/** What it does differs only where a test has asked for it. */
export default {
  fetch: (request, env) => worker.fetch(request, mortalEnv(env)),
  scheduled: (controller, env) => worker.scheduled(controller, env),
} satisfies ExportedHandler<Env>;

/** The real object. What it does differs only where a test has asked for it. */
export class ChatObject extends RealChatObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, faultyDeps(ctx, env));
  }
}
