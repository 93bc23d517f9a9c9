import { env, exports } from "cloudflare:workers";
import { initTRPC } from "@trpc/server";
import { expect, test } from "vitest";
import { z } from "zod";
import { numberOf } from "../test/migration-number.ts";
import { zTrackedIterable } from "./platform/tracked-iterable.ts";
import { appRouter } from "./router.ts";
import { contractOf, versionOfContract } from "./router-contract.ts";

function ask(method = "GET"): Promise<Response> {
  return exports.default.fetch("https://app.test/v1/health", { method });
}

test("the worker tells anyone its version, contract and migrations, which no cache keeps", async () => {
  const response = await ask();
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toEqual({
    status: "ok",
    version: env.VERSION.id,
    contract: versionOfContract(contractOf(appRouter)),
    migrations: {
      home: numberOf(env.HOME_MIGRATIONS.at(-1)),
      content: numberOf(env.CONTENT_MIGRATIONS.at(-1)),
    },
  });
  expect((await ask("HEAD")).status).toBe(200);
});

test("the worker's health can only be read", async () => {
  const response = await ask("POST");
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("GET, HEAD");
});

const { router, procedure } = initTRPC.create();
const output = z.object({ at: z.number() });

test("a contract has the inputs, the outputs and the events of a router", () => {
  const contract = contractOf(
    router({
      second: procedure
        .input(z.object({ limit: z.int().default(20) }).optional())
        .output(output)
        .query(() => ({ at: 0 })),
      first: procedure.output(zTrackedIterable(output)).subscription(async function* () {}),
    }),
  );
  const at = {
    type: "object",
    properties: { at: { type: "number" } },
    required: ["at"],
    additionalProperties: false,
  };
  expect(Object.keys(contract)).toEqual(["first", "second"]);
  expect(contract.first).toEqual({
    kind: "subscription",
    input: null,
    isInputOptional: true,
    output: { "x-yields": at },
  });
  expect(contract.second).toMatchObject({
    kind: "query",
    input: { properties: { limit: { type: "integer", default: 20 } } },
    isInputOptional: true,
    output: at,
  });
});

test("the version tells contracts apart, not the order of their fields", () => {
  const make = (shape: z.ZodType) =>
    versionOfContract(contractOf(router({ look: procedure.output(shape).query(() => ({})) })));
  const version = make(z.object({ a: z.string(), b: z.number() }));
  expect(version).toMatch(/^[0-9a-f]{16}$/);
  expect(make(z.object({ b: z.number(), a: z.string() }))).toBe(version);
  expect(make(z.object({ a: z.string(), b: z.string() }))).not.toBe(version);
  expect(make(z.object({ a: z.string(), b: z.number().optional() }))).not.toBe(version);
});
