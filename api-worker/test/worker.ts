/** The worker of the tests: the real one, with injectable faults. */
import { ChatObject as RealChatObject } from "../src/features/messages/object/chat.do.ts";
import { SearchObject as RealSearchObject } from "../src/features/search/object/search.do.ts";
import worker from "../src/index.ts";
import { faultyDeps, faultySearchDeps, mortalEnv } from "./faults.ts";
import { withCountedCalls } from "./model-calls.ts";

export * from "../src/index.ts";

/** It differs from the real one only when a test asks for it. */
export default {
  fetch: (request, env) => worker.fetch(request, mortalEnv(env)),
  scheduled: (controller, env) => worker.scheduled(controller, env),
} satisfies ExportedHandler<Env>;

/** The real object, with models that count. It differs otherwise only when a test asks for it. */
export class ChatObject extends RealChatObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, withCountedCalls(faultyDeps(ctx, env)));
  }
}

/** The real object. It differs only when a test asks for it. */
export class SearchObject extends RealSearchObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, faultySearchDeps(ctx, env));
  }
}
