import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWeb } from "./lib/build.ts";
import { standInAccount } from "./lib/cloudflare/stand-in.ts";
import { type Operator, startOperator } from "./lib/cloudflare/stand-in-operator.ts";
import { readTarget } from "./lib/cloudflare/target.ts";
import { fromRoot } from "./lib/paths.ts";
import { givenPreparation } from "./lib/prepare.ts";

// The commands as a person runs them, with the real wrangler, against the stand-in of Cloudflare's
// API. Each start of wrangler takes seconds, so there are few, and the tests go on from each other.

let operator: Operator;

beforeAll(async () => {
  operator = await startOperator();
  if (!givenPreparation()) await buildWeb();
}, 180_000);
afterAll(() => operator?.stop());

const deploy = (...args: string[]) => operator.run("deploy.ts", ...args);
const rollBack = (...args: string[]) => operator.run("rollback.ts", ...args);
const state = () => operator.cloudflare.state;
const productionWorker = () => state().workers.get("alleato-ai-chat");
const pagesDeployments = () => state().projects.get("alleato-chat")?.deployments ?? [];

/** For several starts of wrangler on a busy machine. */
const patience = { timeout: 600_000 };

const failure = { status: 409, code: 10063, message: "A failure that passes" };
const failed = { code: 1, output: expect.stringContaining("10063") };
const done = (text: string) => ({ code: 0, output: expect.stringContaining(text) });

test(
  "the set-up deploys from nothing, goes on after each step that failed, and runs again",
  patience,
  async () => {
    const { cloudflare } = operator;
    const setUp = () =>
      operator.run(
        "setup-cloudflare.ts",
        ...["--account", standInAccount, "--admin", "ada@example.com", "--built", "--no-record"],
      );
    // The steps before the deployments are in setup-cloudflare.test.ts.
    for (const call of [
      /^PUT \/workers\/scripts\/[\w-]+$/,
      /^PUT \/workers\/.*\/schedules$/,
      /^POST \/pages\/projects\/[\w-]+\/deployments$/,
    ]) {
      cloudflare.failOnce({ call, ...failure });
      expect(await setUp()).toEqual(failed);
    }
    expect(await setUp()).toEqual(done("https://alleato-chat.pages.dev is set up."));
    const { databaseId } = operator.remembered().production;
    expect(productionWorker()?.uploads.at(-1)?.bindings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "HOME", id: databaseId }),
        expect.objectContaining({ name: "CONTENT_0", id: databaseId }),
        expect.objectContaining({ name: "GOOGLE_GENERATIVE_AI_API_KEY", type: "secret_text" }),
      ]),
    );
    expect(productionWorker()?.crons).toHaveLength(2);
    expect(pagesDeployments()).toHaveLength(1);
    expect(pagesDeployments()[0]).toMatchObject({ branch: "main" });
    expect(pagesDeployments()[0]?.["_worker.bundle"]).toContain('"service":"alleato-ai-chat"');
    expect(existsSync(fromRoot("web/.wrangler/deploy"))).toBe(false);

    expect(await setUp()).toEqual(done("There is an administrator already: ada@example.com."));
    expect(pagesDeployments()).toHaveLength(2);
  },
);

test(
  "a branch goes to staging, the worker first, and each part goes on after a failure",
  patience,
  async () => {
    const { cloudflare } = operator;
    const branch = ["--branch", "feature"];
    const nowhere = await deploy("api", ...branch);
    expect(nowhere.output).toContain("run `npx -y pnpm@12.21.0 setup:cloudflare --env staging`");
    await operator.setUp({ environment: "staging" });
    const early = await deploy("web", ...branch, "--built");
    expect(early).toEqual({
      code: 1,
      output: expect.stringContaining("No worker is deployed. Run deploy:api --env staging first."),
    });

    cloudflare.failOnce({ call: /^PUT \/workers\/.*\/schedules$/, ...failure });
    expect(await deploy("api", ...branch)).toEqual(failed);
    expect(await deploy("api", ...branch)).toEqual(
      done("The API worker alleato-ai-chat-staging goes to staging"),
    );
    expect(state().workers.get("alleato-ai-chat-staging")?.uploads).toHaveLength(2);

    expect(await deploy("web", "--branch", "main", "--env", "staging", "--built")).toMatchObject({
      code: 1,
    });
    cloudflare.failOnce({ call: /\/upload-token$/, ...failure });
    expect(await deploy("web", ...branch, "--built")).toEqual(failed);
    expect(await deploy("web", ...branch, "--built")).toEqual(
      done("The web app of branch feature goes to a preview"),
    );
    const preview = pagesDeployments().at(-1);
    expect(preview).toMatchObject({ branch: "feature" });
    expect(preview?.["_worker.bundle"]).toContain('"service":"alleato-ai-chat-staging"');
    expect(productionWorker()?.uploads).toHaveLength(4);
  },
);

test("the worker, the web app and the database go back", patience, async () => {
  expect(await rollBack("api")).toEqual(done("v3"));
  expect(productionWorker()?.deployments.at(-1)).toEqual({ v3: 100 });

  expect(await rollBack("web")).toEqual(done("The web app is that of deployment deployment-1."));
  expect(await rollBack("web", "deployment-2")).toMatchObject({ code: 0 });
  expect(state().projects.get("alleato-chat")?.rollbacks).toEqual(["deployment-1", "deployment-2"]);
  expect(await rollBack("web", "--env", "staging")).toMatchObject({ code: 1 });

  const time = "2026-11-29T09:00:00+01:00";
  const database = state().databases.get(operator.remembered().production.databaseId);
  expect(await rollBack("db", time)).toEqual({
    code: 1,
    output: `All that was written to alleato-chat (production) after ${time} goes. Restore it? Say yes with --yes.\n`,
  });
  expect(database?.rewinds).toEqual([]);
  expect(await rollBack("db", time, "--yes")).toEqual(
    done("To undo it: db:rewind --bookmark 00000001-00000002\nRun search:rebuild --remote now"),
  );
  await rollBack("db", "--bookmark", "00000001-00000002", "--yes");
  expect(database?.rewinds).toEqual(["before 2026-11-29T08:00:00.000Z", "00000001-00000002"]);
  expect(await rollBack("db", "yesterday")).toEqual({
    code: 1,
    output: '"yesterday" is no time: write it like 2026-11-29T08:00:00Z.\n',
  });
});

test("npx runs a command with whatever Node the machine has", patience, async () => {
  // Those of the npm that has started this run. A run without npm has its own Node only.
  const { npm_execpath: pnpm, npm_node_execpath: node = process.execPath, HOME } = process.env;
  if (!pnpm) throw new Error("Run this test with pnpm.");
  const own = Object.entries(process.env).filter(([name]) => name.startsWith("CLOUDFLARE_"));
  const PATH = [dirname(node), "/usr/bin", "/bin"].join(":");
  const env = { ...Object.fromEntries(own), PATH, HOME, CI: "true" };
  const isScript = /\.[cm]?js$/.test(pnpm);
  const command = ["setup:cloudflare", "--account", standInAccount, "--dry-run"];
  const run = isScript
    ? operator.start(node, [pnpm, ...command], env)
    : operator.start(pnpm, command, env);
  expect(await run).toEqual(done("Nothing was changed."));
});

test("the web app goes to a worker with its static files, and to staging from another branch", {
  timeout: 300_000,
}, async () => {
  const { cloudflare } = operator;
  const workers = (branch: string, ...more: string[]) =>
    deploy("web", "--to", "workers", "--branch", branch, "--built", ...more);
  expect((await deploy("web", "--to", "worker", "--branch", "main")).output).toContain(
    '--to is "worker", but must be pages or workers.',
  );
  expect((await workers("feature", "--env", "production")).output).toContain(
    "the branch feature cannot go to production",
  );
  const web = await workers("main");
  expect([web.code, web.output]).toEqual([
    0,
    expect.stringContaining(
      "goes to production as the worker alleato-chat-web (account 0123456789abcdef0123456789abcdef), and calls the worker alleato-ai-chat.",
    ),
  ]);
  const worker = state().workers.get("alleato-chat-web");
  expect(worker?.hasAddress).toBe(true);
  const upload = worker?.uploads.at(-1);
  expect(upload).toMatchObject({ observability: { enabled: true } });
  expect(upload?.bindings).toEqual([
    expect.objectContaining({ name: "API", type: "service", service: "alleato-ai-chat" }),
  ]);
  expect(upload?.assets?.config).toMatchObject({
    run_worker_first: expect.arrayContaining(["/*", "!/assets/*"]),
    _headers: expect.stringContaining("immutable"),
  });
  const files = state().assets.get("alleato-chat-web") ?? [];
  expect(files).toEqual(expect.arrayContaining(["/robots.txt"]));
  expect(files.some((path) => /^\/assets\/.*\.js$/.test(path))).toBe(true);
  expect(files).not.toContain("/_headers");

  await operator.setUp({ environment: "staging" });
  state().workers.delete("alleato-ai-chat-staging");
  const early = await workers("feature");
  expect([early.code, early.output]).toEqual([
    1,
    expect.stringContaining("No worker is deployed."),
  ]);
  expect(early.output).toContain("goes to staging as the worker alleato-chat-web-staging");
  expect(state().workers.has("alleato-chat-web-staging")).toBe(false);
  const back = await operator.run("rollback.ts", "web", "--to", "workers");
  expect([back.code, back.output]).toEqual([1, expect.stringContaining("wrangler rollback")]);
  expect(cloudflare.calls).toContain("GET /workers/scripts/alleato-chat-web/deployments");
});

interface WorkerConfig {
  readonly [setting: string]: unknown;
  readonly d1_databases: readonly { readonly binding: string }[];
  readonly r2_buckets: readonly { readonly binding: string }[];
  readonly kv_namespaces: readonly { readonly binding: string }[];
  readonly ratelimits: readonly { readonly namespace_id: string; readonly name: string }[];
}

test("staging has all that production has, with resources of its own", () => {
  const [production, staging] = [readTarget("production"), readTarget("staging")];
  const shape = ({ workerConfig }: typeof production) => {
    const { name, account_id, d1_databases, r2_buckets, kv_namespaces, ratelimits, ...rest } =
      workerConfig as WorkerConfig;
    const rates = ratelimits.map(({ namespace_id, ...rate }) => rate);
    const bindings = [d1_databases, r2_buckets, kv_namespaces].map((list) =>
      list.map(({ binding }) => binding),
    );
    return { ...rest, rates, bindings };
  };
  expect(shape(staging)).toEqual(shape(production));
  const own = ({ workerName, databaseName, bucketName }: typeof production) => [
    ...[workerName, databaseName, bucketName],
  ];
  expect(own(staging)).toEqual(own(production).map((name) => `${name}-staging`));
});
