import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const routes = new URL("../app/routes/", import.meta.url).pathname;
const unguarded = /^\s*require(?:Viewer|Account|Admin)\(.*\);$/m;

test("a loader waits for what refuses its page", () => {
  expect("  requireAdmin(context);").toMatch(unguarded);
  expect("  await requireAdmin(context);").not.toMatch(unguarded);
  const files = globSync("**/*.{ts,tsx}", { cwd: routes });
  expect(files.length).toBeGreaterThan(20);
  const found = files.filter((file) => unguarded.test(readFileSync(routes + file, "utf8")));
  expect(found).toEqual([]);
});
