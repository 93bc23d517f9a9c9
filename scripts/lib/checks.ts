import { checkApiDocs } from "./api-docs/api-docs.ts";
import { checkContract } from "./contract/check-contract.ts";
import { fromRoot, rootDir } from "./paths.ts";
import { type CommandResult, runCommand } from "./processes.ts";
import { checkWorkerTypes } from "./worker-types.ts";

interface Step {
  readonly name: string;
  run(): Promise<CommandResult>;
}

const steps: readonly Step[] = [
  {
    name: "lint, format and import rules",
    // Warnings fail too, because optional warnings get ignored.
    run: () => runCommand("biome", ["check", "--error-on-warnings"], { cwd: rootDir }),
  },
  { name: "generated worker types", run: checkWorkerTypes },
  { name: "contract with what is deployed", run: checkContract },
  { name: "docs/api.md", run: checkApiDocs },
  {
    name: "types",
    run: async () => {
      const routes = await generateRouteTypes();
      return routes.code === 0 ? runCommand("tsc", ["-b"], { cwd: rootDir }) : routes;
    },
  },
];

/** Generates the types of the web app's routes, which are not committed. */
export function generateRouteTypes(): Promise<CommandResult> {
  return runCommand("reactRouter", ["typegen"], { cwd: fromRoot("web") });
}

/**
 * Runs every check, and prints the output of those that fail.
 *
 * @param print gets text without its last line break
 * @returns the names of the checks that failed
 */
export async function runChecks(print: (text: string) => void = console.log): Promise<string[]> {
  const failures: string[] = [];
  for (const { name, run } of steps) {
    const startedAt = performance.now();
    const { code, output } = await run();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    if (code === 0) {
      print(`✓ ${name} (${seconds} s)`);
    } else {
      failures.push(name);
      print(`✗ ${name} (${seconds} s)\n${output}\n`);
    }
  }
  return failures;
}
