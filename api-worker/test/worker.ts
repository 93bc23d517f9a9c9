/** The worker of the tests: the real one, with injectable faults. */
import { SignInObject as RealSignInObject } from "../src/features/auth/tries/sign-in.do.ts";
import { GuestBudgetObject as RealGuestBudgetObject } from "../src/features/limits/guests/guest-budget.do.ts";
import { SiteBudgetObject as RealSiteBudgetObject } from "../src/features/limits/site/site-budget.do.ts";
import { ChatObject as RealChatObject } from "../src/features/messages/object/chat.do.ts";
import { UserObject as RealUserObject } from "../src/features/news/user.do.ts";
import { SearchObject as RealSearchObject } from "../src/features/search/object/search.do.ts";
import { OpenStreamObject as RealOpenStreamObject } from "../src/features/streams/object/open-stream.do.ts";
import { PdfObject as RealPdfObject } from "../src/features/uploads/model/pdf.do.ts";
import worker from "../src/index.ts";
import { JobObject as RealJobObject } from "../src/job.do.ts";
import { faultyDeps, faultySearchDeps, mortalEnv } from "./faults.ts";
import { asInvocation, countEvents, countedEnv } from "./invocations.ts";
import { withCountedCalls } from "./model-calls.ts";
import { withOlderObjects } from "./older-objects.ts";

export * from "../src/index.ts";

/** It differs from the real one only when a test asks for it. */
export default {
  fetch: (request, env) =>
    asInvocation(`${request.method} ${new URL(request.url).pathname}`, () =>
      worker.fetch(request, countedEnv(withOlderObjects(mortalEnv(env)))),
    ),
  scheduled: (controller, env) =>
    asInvocation(`cron ${controller.cron}`, () => worker.scheduled(controller, countedEnv(env))),
} satisfies ExportedHandler<Env>;

/** The real object, with models that count. It differs otherwise only when a test asks for it. */
export class ChatObject extends RealChatObject {
  constructor(ctx: DurableObjectState, env: Env) {
    const reached = withOlderObjects(countedEnv(env));
    super(ctx, reached, withCountedCalls(faultyDeps(ctx, reached)));
  }
}

/** The real object. It reaches older objects when a test asks for it. */
export class UserObject extends RealUserObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, withOlderObjects(countedEnv(env)));
  }
}

/** The real object. It differs only when a test asks for it. */
export class SearchObject extends RealSearchObject {
  constructor(ctx: DurableObjectState, env: Env) {
    const counted = countedEnv(env);
    super(ctx, counted, faultySearchDeps(ctx, counted));
  }
}

/** The real object. It dies with the worker, and counts, when a test asks for it. */
export class JobObject extends RealJobObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, countedEnv(withOlderObjects(mortalEnv(env))));
  }
}

export class OpenStreamObject extends RealOpenStreamObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, countedEnv(env));
  }
}

export class SignInObject extends RealSignInObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, countedEnv(env));
  }
}

export class GuestBudgetObject extends RealGuestBudgetObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, countedEnv(env));
  }
}

export class SiteBudgetObject extends RealSiteBudgetObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, countedEnv(env));
  }
}

export class PdfObject extends RealPdfObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, countedEnv(env));
  }
}

const classes = { ChatObject, UserObject, SearchObject, JobObject, OpenStreamObject };
for (const [name, of] of Object.entries({
  ...classes,
  SignInObject,
  GuestBudgetObject,
  SiteBudgetObject,
  PdfObject,
})) {
  countEvents(of, name);
}
