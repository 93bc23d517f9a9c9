import {
  type Reply,
  refuse,
  reply,
  type StandInState,
  type StandInWorker,
} from "./stand-in-state.ts";

interface Sent {
  readonly json: Record<string, unknown> | null;
  readonly body: Buffer;
  readonly type: string | undefined;
}

/** The part of the stand-in that takes deployments: workers, and Pages projects. */
export async function answerWorkers(
  state: StandInState,
  call: string,
  sent: Sent,
): Promise<Reply | undefined> {
  if (call === "GET /workers/subdomain") {
    if (state.subdomain !== null) return reply({ subdomain: state.subdomain });
    return refuse(404, 10007, "workers.api.error.subdomain_required");
  }
  if (call.includes("/pages/")) return await answerPages(state, call, sent);
  if (call.startsWith("GET /workers/workers/")) return reply({ id: "w", subdomain: noAddress });
  const [, method = "", name = "", rest = ""] =
    /^(\w+) \/workers\/(?:scripts|services)\/([\w-]+)(.*)$/.exec(call) ?? [];
  if (name === "") return undefined;
  const worker = state.workers.get(name);
  if (method === "PUT" && rest === "") {
    const form = await formOf(sent);
    const metadata = JSON.parse(String(form.get("metadata")));
    const uploads = [...(worker?.uploads ?? []), metadata];
    const deployments = [...(worker?.deployments ?? []), { [`v${uploads.length}`]: 100 }];
    state.workers.set(name, { uploads, deployments, crons: worker?.crons });
    return reply({ id: name, tag: name, deployment_id: `d${uploads.length}`, startup_time_ms: 1 });
  }
  if (method === "POST" && rest === "/assets-upload-session") {
    state.assets.set(name, Object.keys(sent.json?.manifest ?? {}));
    // All files are there already.
    return reply({ jwt: "completed", buckets: [] });
  }
  if (!worker) return refuse(404, 10007, "This Worker does not exist on your account.");
  if (method === "PUT" && rest === "/schedules") {
    if (state.subdomain === null) {
      return refuse(409, 10063, "workers.api.error.subdomain_required");
    }
    worker.crons = sent.json;
    return reply({ schedules: [] });
  }
  if (rest.endsWith("/subdomain")) {
    if (method === "POST") worker.hasAddress = sent.json?.enabled === true;
    return reply({ enabled: worker.hasAddress ?? false, previews_enabled: false });
  }
  if (rest === "/secrets") return reply([]);
  if (rest.endsWith("/settings")) {
    return reply({ bindings: worker.uploads.at(-1)?.bindings ?? [] });
  }
  if (rest === "/deployments") {
    if (method === "POST") worker.deployments.push(sharesIn(sent.json));
    return reply({ deployments: worker.deployments.map(shownDeployment).reverse() });
  }
  if (rest.startsWith("/versions/")) return reply(shownVersion(worker, rest.slice(10)));
  if (rest === "") {
    const environment = {
      environment: "production",
      script: { tag: name, last_deployed_from: "wrangler" },
    };
    return reply({ id: name, default_environment: environment });
  }
  return reply({});
}

const by = { source: "wrangler", author_email: "a@b.test" };

/** The worker has no address of its own. */
const noAddress = { enabled: false, previews_enabled: false };

const shownDeployment = (shares: Readonly<Record<string, number>>, index: number) => ({
  ...{ id: `d${index + 1}`, ...by },
  created_on: new Date(Date.UTC(2026, 10, 29, 8, index)).toISOString(),
  versions: Object.entries(shares).map(([version_id, percentage]) => ({ version_id, percentage })),
});

function sharesIn(json: Record<string, unknown> | null): Record<string, number> {
  const versions = (json?.versions ?? []) as { version_id: string; percentage: number }[];
  return Object.fromEntries(versions.map((one) => [one.version_id, one.percentage]));
}

function shownVersion({ uploads }: StandInWorker, id: string) {
  const number = Number(id.slice(1));
  return {
    ...{ id, number, metadata: { created_on: "2026-11-29T08:00:00Z", ...by } },
    annotations: uploads[number - 1]?.annotations ?? {},
    resources: { bindings: [], script: { handlers: ["fetch"] }, script_runtime: {} },
  };
}

async function answerPages(
  state: StandInState,
  call: string,
  sent: Sent,
): Promise<Reply | undefined> {
  if (call === "POST /pages/assets/check-missing") return reply(sent.json?.hashes ?? []);
  if (call.startsWith("POST /pages/assets/")) return reply(null);
  if (call === "POST /pages/projects") {
    const name = String(sent.json?.name);
    const project = { name, production_branch: "main", deployments: [], rollbacks: [] };
    state.projects.set(name, project);
    return reply(shown(project));
  }
  const [, name = "", rest = ""] = /^\w+ \/pages\/projects\/([\w-]+)(.*)$/.exec(call) ?? [];
  const project = state.projects.get(name);
  if (!project)
    return refuse(
      404,
      8000007,
      "Project not found. The specified project name does not match any of your existing projects.",
    );
  if (rest === "/upload-token") return reply({ jwt: fileLimitToken() });
  if (call.startsWith("POST") && rest === "/deployments") {
    const form = await formOf(sent);
    const fields = await Promise.all(
      [...form].map(async ([field, value]) => [field, await textOf(value)] as const),
    );
    project.deployments.push(Object.fromEntries(fields));
    const id = `deployment-${project.deployments.length}`;
    return reply({ id, url: `https://${id}.${name}.pages.dev`, ...stages });
  }
  const [, chosen] = /^\/deployments\/([\w-]+)\/rollback$/.exec(rest) ?? [];
  if (chosen !== undefined) {
    project.rollbacks.push(chosen);
    return reply({ id: chosen });
  }
  if (rest.startsWith("/deployments/")) return reply({ id: rest, ...stages });
  if (rest === "/deployments") {
    const all = project.deployments.map(({ branch }, index) => ({
      id: `deployment-${index + 1}`,
      environment: branch === project.production_branch ? "production" : "preview",
    }));
    return reply(all.reverse());
  }
  return reply(shown(project));
}

const stages = { latest_stage: { name: "deploy", status: "success" } };

const shown = ({ name, production_branch }: { name: string; production_branch: string }) => ({
  name,
  production_branch,
  subdomain: `${name}.pages.dev`,
  domains: [`${name}.pages.dev`],
  deployment_configs: { production: {}, preview: {} },
});

/** wrangler reads how many files the project may have from the claims. */
function fileLimitToken(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const expiresAt = Math.floor(Date.now() / 1000) + 3600;
  return `${part({ alg: "none" })}.${part({ max_file_count_allowed: 20_000, exp: expiresAt })}.x`;
}

function formOf({ body, type = "" }: Sent): Promise<FormData> {
  return new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
}

async function textOf(value: string | Blob): Promise<string> {
  return typeof value === "string" ? value : await value.text();
}
