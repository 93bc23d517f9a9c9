import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { readProcedures } from "./lib/api-docs/read-procedures.ts";
import { typeText } from "./lib/api-docs/type-text.ts";
import { fromRoot } from "./lib/paths.ts";

const codes = ["NOT_FOUND", "CONFLICT"];

test("a procedure's callers, text and failures are read from the sources", () => {
  const read = readProcedures(fromRoot("api-worker/src/router.ts"), "appRouter", codes);
  expect(read.get("account.tokens.revoke")).toEqual({
    access: "account",
    text: "Revokes a token. It stops working with the next request, and what it has opened ends.",
    failures: ["`NOT_FOUND`, the same for another user's token and for a missing one"],
  });
  // Of a router that is merged into another, with a text of its own.
  expect(read.get("chats.fork")).toMatchObject({
    access: "user",
    text: "Copies a branch of a chat that the viewer may read into a new chat of the viewer's own.",
  });
});

test("a router that is written in another way is refused, not left out", () => {
  const directory = mkdtempSync(join(tmpdir(), "api-docs-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "router.ts");
  writeFileSync(file, "const a = makeRouter();\nexport const all = router({ a });");
  expect(() => readProcedures(file, "all", codes)).toThrow("can't be read");
  writeFileSync(file, "const a = makeRouter();\nexport const all = router({ a: a });");
  expect(() => readProcedures(file, "all", codes)).toThrow('The router at "a"');
});

test("schemas are written as types, with their bounds", () => {
  const write = (schema: z.ZodType, io: "input" | "output" = "input") => {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io });
    return typeText(json);
  };
  expect(write(z.null())).toBe("null");
  expect(write(z.enum(["a", "b"]).array().max(3))).toBe('("a" | "b")[] // at most 3 items');
  expect(write(z.object({ a: z.string(), b: z.number().nullable() }))).toBe(
    "{ a: string; b: number | null }",
  );
  expect(
    write(
      z.object({
        id: z.uuid(),
        limit: z.int().min(1).max(50).default(20),
        items: z.array(z.object({ name: z.string().max(9).optional() })),
      }),
    ),
  ).toBe(
    [
      "{",
      "  id: string; // uuid",
      "  limit?: number; // whole; 1 to 50; default 20",
      "  items: {",
      "    name?: string; // at most 9 characters",
      "  }[];",
      "}",
    ].join("\n"),
  );
  expect(write(z.array(z.union([z.object({ a: z.null() }), z.string()])))).toBe(
    "({ a: null } | string)[]",
  );
  const tree: z.ZodType = z.object({
    get inner() {
      return tree.optional();
    },
  });
  expect(write(tree)).toBe("{ inner?: … }");
});
