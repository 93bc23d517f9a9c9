import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rootDir } from "./lib/paths.ts";

const settings = readFileSync(join(rootDir, "pnpm-workspace.yaml"), "utf8");
const lockfile = readFileSync(join(rootDir, "pnpm-lock.yaml"), "utf8");

/** The section of the lockfile with one entry for each package. */
const packages = lockfile.slice(
  lockfile.indexOf("\npackages:\n"),
  lockfile.indexOf("\nsnapshots:\n"),
);
const entries = [...packages.matchAll(/^ {2}'?(@?[^@'\s]+)@([^:'\s]+)'?:\n((?: {4}.*\n)+)/gm)];

/** Licences of the packages that are installed here or shipped. */
const allowedLicences =
  /^(MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|MPL-2\.0|Python-2\.0|Unlicense|CC-BY-4\.0|Zlib|\(?MIT OR [\w.-]+\)?|\(?[\w.-]+ OR MIT\)?|LGPL-3\.0-or-later.*)$/;

/** Runs the pnpm that runs this test. @returns its output */
function pnpm(...args: string[]): string {
  const { npm_execpath: path } = process.env;
  if (!path) throw new Error("Run this test with pnpm.");
  const options = { cwd: rootDir, encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  const isScript = /\.[cm]?js$/.test(path);
  return execFileSync(
    isScript ? process.execPath : path,
    isScript ? [path, ...args] : args,
    options,
  );
}

test.each([
  "minimumReleaseAge: 4320",
  "minimumReleaseAgeStrict: true",
  "trustPolicy: no-downgrade",
  "blockExoticSubdeps: true",
])("new dependencies are held to %s", (setting) => {
  expect(settings).toContain(`\n${setting}\n`);
});

test("install scripts run for three packages, and for no other", () => {
  const [, list = ""] = /\nallowBuilds:\n((?: {2}.*\n)+)/.exec(settings) ?? [];
  const allowed = [...list.matchAll(/^ {2}(\S+): true$/gm)].map(([, name]) => name);
  expect(allowed).toEqual(["node", "workerd", "esbuild"]);
});

test("every package is from the registry, with a hash of its content", () => {
  expect(entries.length).toBeGreaterThan(400);
  const others = entries.filter(
    ([, , , body = ""]) => !/^ {4}resolution: \{integrity: sha512-[\w+/]+=*\}$/m.test(body),
  );
  expect(others.map(([, name]) => name)).toEqual([]);
});

test("the bill of materials names every package", () => {
  const output = pnpm("sbom", "--sbom-format", "cyclonedx", "--lockfile-only");
  const bill: {
    bomFormat: string;
    specVersion: string;
    components: { name: string; group?: string; version: string; purl: string }[];
  } = JSON.parse(output);
  expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.7" });
  const named = new Set(
    bill.components.map(({ group, name, version }) =>
      [group ? `${group}/${name}` : name, version].join("@"),
    ),
  );
  const missing = entries.map(([, name, version]) => `${name}@${version}`);
  expect(missing.filter((entry) => !named.has(entry))).toEqual([]);
});

test("every installed package has a licence that allows what is done with it", () => {
  const byLicence: Record<string, { name: string }[]> = JSON.parse(
    pnpm("licenses", "list", "--json"),
  );
  const others = Object.entries(byLicence).filter(([licence]) => !allowedLicences.test(licence));
  expect(others.map(([licence, list]) => [licence, list.map(({ name }) => name)])).toEqual([]);
});
