import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { Build } from "../../../scripts/lib/build.ts";
import { findFreePort } from "../../../scripts/lib/ports.ts";
import { givenPreparation, prepare } from "../../../scripts/lib/prepare.ts";
import { fillPackages, readPackageList } from "../../../scripts/lib/python-packages.ts";
import { openLocalBucket } from "../../../scripts/lib/r2.ts";
import { type SeedResult, seedLocally } from "../../../scripts/lib/seed.ts";
import { type Stack, startStack } from "../../../scripts/lib/stack.ts";
import { addAdministrator, adminAccount } from "./admin-account.ts";
import { startGeminiMock } from "./gemini-mock.ts";
import { addJobRuns } from "./job-runs.ts";
import { wheel, wheelName, withTea } from "./python-wheel.ts";
import { startWeatherMock } from "./weather-mock.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the product with the demo model. */
    demoUrl: string;
    /** An account there with a chat of 1,000 messages. */
    longChatAccount: { readonly email: string; readonly password: string };
    /** Path of a link there with which an administrator without a password chooses one. */
    resetLink: string;
    /** Absolute path of a local storage with empty tables. */
    emptyStorage: string;
    /** The built product, for tests that start their own stack. */
    build: Build;
    /** Address of the product with Gemini as its provider, played by the mock. */
    geminiUrl: string;
    /** Address of the mock itself. */
    geminiMockUrl: string;
  }
}

/**
 * Pace of the demo model. A count to 2000 takes ten seconds: long enough to reload in mid-answer on
 * a busy machine, short enough to wait for.
 */
const demoTokensPerSecond = "200";

/** Builds the product once, and starts the stacks that the tests use, each with its own storage. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), "e2e-"));
  const endings: (() => Promise<void>)[] = [];
  const teardown = async () => {
    for (const end of endings.reverse()) await end();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const weather = await startWeatherMock();
    endings.push(() => weather.stop());
    const mock = await startGeminiMock();
    endings.push(() => mock.stop());
    project.provide("geminiMockUrl", mock.url);
    const { build, emptyStorage } = givenPreparation() ?? (await prepare(directory));
    project.provide("build", build);
    project.provide("emptyStorage", emptyStorage);
    const seededStorage = join(directory, "seeded");
    const { users } = await seedCopy(emptyStorage, seededStorage);
    await addPackage(join(directory, "wheels"), seededStorage);
    const [owner] = users;
    if (!owner) throw new Error("The seed made no user.");
    project.provide("longChatAccount", owner);
    await addJobRuns(seededStorage);
    project.provide("resetLink", await addAdministrator(seededStorage));

    const start = async (name: string, copyOf: string, vars: Record<string, string>) => {
      const stack = await startStack({
        port: await findFreePort(),
        stateDir: join(directory, name),
        copyOf,
        build,
        vars,
        withoutRateLimits: true,
      });
      endings.push(() => stack.stop());
      reportLoss(stack);
      return stack.url;
    };
    const demoUrl = await start("demo", seededStorage, {
      ADMIN_EMAILS: adminAccount.email,
      DEMO_TOKENS_PER_SECOND: demoTokensPerSecond,
      WEATHER_API_URL: weather.url,
      WEATHER_GEOCODING_URL: weather.url,
    });
    project.provide("demoUrl", demoUrl);
    const geminiUrl = await start("gemini", emptyStorage, {
      GOOGLE_GENERATIVE_AI_API_KEY: "test-key",
      GUESTS: "on",
      GOOGLE_GENERATIVE_AI_BASE_URL: `${mock.url}/v1beta`,
    });
    project.provide("geminiUrl", geminiUrl);
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

/**
 * Makes a storage with the demo users and a chat of 1,000 messages. On a busy machine the local
 * runtime can close a connection at the moment that it is used again, so a failure is tried again.
 */
async function seedCopy(emptyStorage: string, storage: string, tries = 3): Promise<SeedResult> {
  rmSync(storage, { recursive: true, force: true });
  cpSync(emptyStorage, storage, { recursive: true });
  try {
    return await seedLocally(storage, [1000]);
  } catch (error) {
    if (tries === 1) throw error;
    return seedCopy(emptyStorage, storage, tries - 1);
  }
}

/** Adds a package for Python to a storage, as an operator does. */
async function addPackage(folder: string, stateDir: string): Promise<void> {
  mkdirSync(folder);
  writeFileSync(join(folder, wheelName), wheel);
  const bucket = await openLocalBucket(stateDir);
  await fillPackages({ folder, list: withTea(readPackageList()), bucket, print: () => {} });
  await bucket.close();
}

/**
 * Prints the last output of a stack that ended too early. The tests themselves only see that it is
 * gone.
 */
function reportLoss(stack: Stack): void {
  void stack.lost.then(() => {
    console.error(`The stack at ${stack.url} ended. Its last output:\n${stack.lastLines()}`);
  });
}
