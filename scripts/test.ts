import { ensureBrowser } from "./lib/browser.ts";
import { runScript, ScriptError } from "./lib/failure.ts";
import {
  runTestProject,
  securityFilter,
  securityProjects,
  type Tally,
  type TestProject,
  testProjects,
} from "./lib/test-run.ts";
import { runEverything } from "./lib/whole-run.ts";

// `test` runs the checks and every project; `test api-worker` runs one project, and `test
// api-worker chats` its files with "chats" in their names. `test security` runs the attacks of all
// projects.

await runScript(async () => {
  const [chosen, ...filters] = process.argv.slice(2);
  const isSecurity = chosen === "security";
  const project = chosen === undefined || isSecurity ? undefined : findProject(chosen);
  if (!project || project === "e2e") process.env.CHROME_PATH = ensureBrowser();
  const run = isSecurity ? runAttacks : runEverything;
  const tallies = project ? [await runTestProject(project, filters)] : await run();

  const passed = tallies.reduce((total, tally) => total + tally.passed, 0);
  const failures = tallies.flatMap((tally) => tally.failures);
  // Once more at the end, because the output above is long.
  for (const failure of failures) console.log(`✗ ${failure}`);
  console.log(`${passed} passed, ${failures.length} failed`);
  if (failures.length > 0) process.exitCode = 1;
});

async function runAttacks(): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const project of securityProjects) {
    tallies.push(await runTestProject(project, [securityFilter]));
  }
  return tallies;
}

/** @throws {ScriptError} when there is no such project */
function findProject(chosen: string): TestProject {
  const all = Object.keys(testProjects) as TestProject[];
  const project = all.find((name) => name === chosen);
  if (!project)
    throw new ScriptError(`There is no project "${chosen}": ${[...all, "security"].join(", ")}.`);
  return project;
}
