import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { Build } from "../../../scripts/lib/build.ts";
import { findFreePort } from "../../../scripts/lib/ports.ts";
import { givenPreparation, prepare } from "../../../scripts/lib/prepare.ts";
import { seedLocally } from "../../../scripts/lib/seed.ts";
import { type Stack, startStack } from "../../../scripts/lib/stack.ts";
import { startGeminiMock } from "./gemini-mock.ts";
import { startWeatherMock } from "./weather-mock.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the product with the demo model. */
    demoUrl: string;
    /** An account there with a chat of 1,000 messages. */
    longChatAccount: { readonly email: string; readonly password: string };
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
    cpSync(emptyStorage, seededStorage, { recursive: true });
    const { users } = await seedLocally(seededStorage, [1000]);
    const [owner] = users;
    if (!owner) throw new Error("The seed made no user.");
    project.provide("longChatAccount", owner);

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
      DEMO_TOKENS_PER_SECOND: demoTokensPerSecond,
      WEATHER_API_URL: weather.url,
      WEATHER_GEOCODING_URL: weather.url,
    });
    project.provide("demoUrl", demoUrl);
    const geminiUrl = await start("gemini", emptyStorage, {
      GOOGLE_GENERATIVE_AI_API_KEY: "test-key",
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
 * Prints the last output of a stack that ended too early. The tests themselves only see that it is
 * gone.
 */
function reportLoss(stack: Stack): void {
  void stack.lost.then(() => {
    console.error(`The stack at ${stack.url} ended. Its last output:\n${stack.lastLines()}`);
  });
}
