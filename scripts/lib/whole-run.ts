import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChecks } from "./checks.ts";
import { preparationVariable, prepare } from "./prepare.ts";
import { createSections, type Section } from "./sections.ts";
import { runTestProject, type Tally, type TestProject, testProjects } from "./test-run.ts";

/**
 * Lanes run side by side: while one waits for a process or a timer, the other uses the cores. The
 * tests of the import and the browser tests keep all cores busy, so they run after both.
 */
export const lanes = [["scripts", "db", "web", "conformance"], ["api-worker"]] as const;
export const lastProjects = ["import", "e2e"] as const;

/**
 * Runs the checks and all projects, and prints their output in order.
 *
 * @returns a tally for each. A check that passes is not counted as a test
 */
export async function runEverything(): Promise<readonly Tally[]> {
  const directory = mkdtempSync(join(tmpdir(), "test-run-"));
  // At exit, so that an interrupted run leaves nothing behind either.
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const open = createSections((text) => process.stdout.write(text));
  const checks = open();
  const preparation = open();
  const projects = Object.keys(testProjects) as TestProject[];
  const sections = new Map(projects.map((project) => [project, open()]));

  const run = async (project: TestProject): Promise<Tally> => {
    const section = sections.get(project);
    const tally = await runTestProject(project, [], (text) => section?.write(text));
    section?.end();
    return tally;
  };
  const runLane = async (lane: readonly TestProject[]): Promise<Tally[]> => {
    const tallies: Tally[] = [];
    for (const project of lane) tallies.push(await run(project));
    return tallies;
  };
  const prepareAll = async (): Promise<Tally> => {
    const failures = [
      ...(await checkInSection(checks)),
      ...(await prepareInSection(directory, preparation)),
    ];
    return { passed: 0, failures };
  };
  const [first, second] = lanes;
  const tallies = await Promise.all([
    prepareAll().then(async (tally) => [tally, ...(await runLane(first))]),
    runLane(second),
  ]);
  return [...tallies.flat(), ...(await runLane(lastProjects))];
}

/** @returns the checks that failed */
async function checkInSection(section: Section): Promise<string[]> {
  const failures = await runChecks((text) => section.write(`${text}\n`));
  section.end();
  return failures.map((check) => `check: ${check}`);
}

/**
 * @returns one failure when the preparation fails. The projects then prepare for themselves and
 *   report why they cannot.
 */
async function prepareInSection(directory: string, section: Section): Promise<string[]> {
  try {
    const file = join(directory, "preparation.json");
    writeFileSync(file, JSON.stringify(await prepare(directory)));
    process.env[preparationVariable] = file;
    return [];
  } catch (error) {
    section.write(`${error instanceof Error ? error.message : error}\n`);
    return ["preparation of the tests"];
  } finally {
    section.end();
  }
}
