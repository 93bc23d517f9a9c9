import { ensureBrowser } from "./lib/browser.ts";
import { runChecks } from "./lib/checks.ts";
import { runScript, ScriptError } from "./lib/failure.ts";
import { runTestProject, type Tally, type TestProject, testProjects } from "./lib/test-run.ts";

// `test` runs the checks and every project; `test api-worker` one project, `test api-worker chats`
// its files with "chats" in their names.

await runScript(async () => {
  const [chosen, ...filters] = process.argv.slice(2);
  const projects = chooseProjects(chosen);
  if (projects.includes("e2e")) process.env.CHROME_PATH = ensureBrowser();

  // A check that fails counts as a failure; one that passes is no test, and counts as nothing.
  const tallies: Tally[] = [];
  if (!chosen) tallies.push({ passed: 0, failed: await runChecks() });
  for (const project of projects) tallies.push(await runTestProject(project, filters));

  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  if (sum("failed") > 0) process.exitCode = 1;
});

/** @throws {ScriptError} when there is no project of that name */
function chooseProjects(chosen: string | undefined): TestProject[] {
  const all = Object.keys(testProjects) as TestProject[];
  if (!chosen) return all;
  const project = all.find((name) => name === chosen);
  if (!project) throw new ScriptError(`There is no project "${chosen}": ${all.join(", ")}.`);
  return [project];
}
