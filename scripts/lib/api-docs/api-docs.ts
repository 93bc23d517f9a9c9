import { readFileSync, writeFileSync } from "node:fs";
import type { Procedure } from "../contract/contract.ts";
import { importOfWorker, readWebContract } from "../contract/read-contract.ts";
import { ScriptError } from "../failure.ts";
import { fromRoot } from "../paths.ts";
import type { CommandResult } from "../processes.ts";
import { type ProcedureSource, readProcedures } from "./read-procedures.ts";
import { typeText } from "./type-text.ts";

const file = "docs/api.md";
const frame = "scripts/lib/api-docs/frame.txt";

/** Writes docs/api.md anew. */
export async function writeApiDocs(): Promise<void> {
  writeFileSync(fromRoot(file), await makeApiDocs());
}

/** Checks that docs/api.md is what the router says. */
export async function checkApiDocs(): Promise<CommandResult> {
  if (readFileSync(fromRoot(file), "utf8") === (await makeApiDocs())) {
    return { code: 0, output: "" };
  }
  const output = `${file} does not match the router: run \`pnpm docs:api\` and commit the file.`;
  return { code: 1, output };
}

type TransportCodes = Readonly<Record<string, { readonly httpStatus: number }>>;
type TokenAccess = (
  scopes: readonly string[],
  path: string,
  kind: Procedure["kind"],
) => { readonly kind: string; readonly scope?: string };

/** A procedure with all that is known of it. */
interface Described extends Procedure, ProcedureSource {
  readonly path: string;
  /** The scope that a token needs; null when no token is enough. */
  readonly scope: string | null;
}

/** The text of docs/api.md: what the router and its sources say, in a frame written by hand. */
async function makeApiDocs(): Promise<string> {
  const { procedures } = await readWebContract();
  const { transportCodes } = (await importOfWorker("errors.ts")) as {
    transportCodes: TransportCodes;
  };
  const { tokenAccess } = (await importOfWorker("token-access.ts")) as { tokenAccess: TokenAccess };
  const codes = Object.keys(transportCodes);
  const sources = readProcedures(fromRoot("api-worker/src/router.ts"), "appRouter", codes);
  const described = Object.entries(procedures).map(([path, procedure]) => {
    const source = sources.get(path);
    if (!source) throw new ScriptError(`The sources have no procedure ${path}.`);
    const { scope = null } = tokenAccess([], path, procedure.kind);
    return { ...procedure, ...source, path, scope };
  });
  const text = readFileSync(fromRoot(frame), "utf8");
  const filled = text
    .replace("<!-- statuses -->", () => statusTable(transportCodes))
    .replace("<!-- contents -->", () => contents(described))
    .replace("<!-- procedures -->", () => sections(described));
  return filled.replace(/ +$/gm, "");
}

function statusTable(codes: TransportCodes): string {
  const rows = Object.entries(codes).map(
    ([code, { httpStatus }]) => `| ${httpStatus} | \`${code}\` |`,
  );
  return ["| Status | `errorCode` |", "|---|---|", ...rows.sort()].join("\n");
}

/** Procedures by the first part of their path. */
function byRouter(procedures: readonly Described[]): Map<string, Described[]> {
  return Map.groupBy(procedures, ({ path }) => path.split(".")[0] ?? "");
}

function contents(procedures: readonly Described[]): string {
  return [...byRouter(procedures)]
    .map(([router, own]) => {
      const links = own.map(({ path }) => `[${path.slice(router.length + 1)}](#${anchorOf(path)})`);
      return `- [**${router}**](#${anchorOf(router)}): ${links.join(", ")}`;
    })
    .join("\n");
}

/** The anchor that GitHub makes of a heading. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(".", "");
}

function sections(procedures: readonly Described[]): string {
  return [...byRouter(procedures)]
    .flatMap(([router, own]) => [`## ${router}`, ...own.map(section)])
    .join("\n\n");
}

/** Who may call, by the procedure that all are built from. */
const callers: Readonly<Record<string, string>> = {
  public: "anyone",
  user: "guests and accounts",
  account: "accounts",
  admin: "administrators",
};

function section(procedure: Described): string {
  const { path, kind, access, scope, text, input, isInputOptional, output, failures } = procedure;
  const who = callers[access];
  if (!who) throw new ScriptError(`${path} is built from an unknown procedure: ${access}.`);
  const token = scope === null ? "not with a token" : `token with \`${scope}\``;
  const yields = output["x-yields"] as Procedure["output"] | undefined;
  const types = [
    ...(input
      ? [`type Input${isInputOptional ? " /* may be left out */" : ""} = ${typeText(input)}`]
      : []),
    yields ? `type Event = ${typeText(yields)}` : `type Output = ${typeText(output)}`,
  ];
  return [
    `### ${path}`,
    ...(text ? [text] : []),
    `*${kind}* · ${who} · ${token}`,
    ["```ts", ...types, "```"].join("\n"),
    ...(failures.length > 0 ? [failures.map((failure) => `- ${failure}`).join("\n")] : []),
  ].join("\n\n");
}
