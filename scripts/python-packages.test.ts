import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { openSession } from "./lib/cloudflare/login.ts";
import { startOperator } from "./lib/cloudflare/stand-in-operator.ts";
import { fromRoot, nodePath, rootDir } from "./lib/paths.ts";
import {
  type FillResult,
  fillPackages,
  type PackageList,
  readPackageList,
} from "./lib/python-packages.ts";
import { type Bucket, openCloudBucket, openLocalBucket } from "./lib/r2.ts";

const directory = mkdtempSync(join(tmpdir(), "python-packages-test-"));
const folder = join(directory, "wheels");
mkdirSync(join(folder, "inner.whl"), { recursive: true });
const inFolder = (name: string, content: string) => writeFileSync(join(folder, name), content);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const hashOf = (content: string) => createHash("sha256").update(content).digest("hex");

/** An entry of a list: a package whose file has this content. */
function listed(name: string, content: string, depends: readonly string[] = []) {
  const file_name = `${name}-1.0.whl`;
  return { name, version: "1.0", file_name, sha256: hashOf(content), depends };
}

const list: PackageList = {
  version: "9.8.7",
  packages: {
    tea: listed("tea", "leaves", ["Hot_Water"]),
    "hot-water": listed("hot-water", "water", ["kettle"]),
    kettle: listed("kettle", "steel", ["hot-water"]),
    coffee: listed("coffee", "beans", ["mill"]),
    mill: listed("mill", "teeth"),
  },
};
const key = (name: string) => `python/9.8.7/${name}-1.0.whl`;

/** Fills a bucket from the folder. @returns what came of it, and the lines for the terminal */
async function fill(bucket: Bucket): Promise<{ result: FillResult; lines: string[] }> {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const result = await fillPackages({ folder, list, bucket, print });
  return { result, lines };
}

test("a folder is compared with the list, and what fits is uploaded once", async () => {
  const bucket = await openLocalBucket(join(directory, "state"));
  onTestFinished(() => bucket.close());
  inFolder("tea-1.0.whl", "leaves");
  inFolder("hot-water-1.0.whl", "soup");
  inFolder("juice-1.0.whl", "juice");
  inFolder("python_stdlib.zip", "Pyodide’s own");
  inFolder("notes.txt", "no package");
  const first = await fill(bucket);
  expect(first.result).toEqual({
    uploaded: ["tea-1.0.whl"],
    kept: [],
    refused: ["hot-water-1.0.whl", "juice-1.0.whl"],
    missing: ["hot-water-1.0.whl", "kettle-1.0.whl"],
  });
  expect(first.lines).toEqual([
    "refused        hot-water-1.0.whl: its SHA-256 is not the one in the list of Pyodide 9.8.7",
    "refused        juice-1.0.whl: it is not in the list of Pyodide 9.8.7",
    "uploaded       tea-1.0.whl",
    "missing        hot-water-1.0.whl, which tea needs",
    "missing        kettle-1.0.whl, which hot-water needs",
  ]);

  rmSync(join(folder, "juice-1.0.whl"));
  inFolder("hot-water-1.0.whl", "water");
  const damaged = join(directory, "damaged");
  writeFileSync(damaged, "dust");
  await bucket.put(key("tea"), damaged, "application/zip");
  const second = await fill(bucket);
  expect(second.result).toEqual({
    uploaded: ["hot-water-1.0.whl", "tea-1.0.whl"],
    kept: [],
    refused: [],
    missing: ["kettle-1.0.whl"],
  });
  expect(await bucket.hash(key("tea"))).toBe(hashOf("leaves"));

  // What is needed may be in the bucket alone.
  rmSync(join(folder, "hot-water-1.0.whl"));
  inFolder("kettle-1.0.whl", "steel");
  const third = await fill(bucket);
  expect(third.result).toEqual({
    uploaded: ["kettle-1.0.whl"],
    kept: ["tea-1.0.whl"],
    refused: [],
    missing: [],
  });
});

test("on Cloudflare the same is done by its API", async () => {
  const operator = await startOperator();
  onTestFinished(() => operator.stop());
  await operator.setUp({ environment: "staging" });
  const bucket = openCloudBucket(await openSession("staging"));
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  inFolder("mill-1.0.whl", "teeth");
  expect((await fill(bucket)).result).toMatchObject({ uploaded: ["mill-1.0.whl"], missing: [] });
  expect([...operator.cloudflare.state.objects]).toEqual([
    [`alleato-staging/${key("mill")}`, Buffer.from("teeth")],
  ]);
  operator.cloudflare.calls.length = 0;
  expect((await fill(bucket)).result).toMatchObject({ uploaded: [], kept: ["mill-1.0.whl"] });
  expect(operator.cloudflare.calls).toEqual([
    `GET /r2/buckets/alleato-staging/objects/${key("mill")}`,
  ]);
  // A bucket that cannot be read is no empty bucket.
  operator.cloudflare.state.buckets.clear();
  await expect(bucket.hash(key("mill"))).rejects.toThrow("[code: 10006]");

  inFolder("juice-1.0.whl", "juice");
  const args = [folder, "--remote", "--env", "staging"];
  const refused = await operator.run("python-packages.ts", ...args);
  expect(refused.output).toContain("0 uploaded, 0 already there, 2 refused, 0 missing.");
});

test("the list of the installed Pyodide has names that the worker serves, and all that each needs", () => {
  const { version, packages } = readPackageList();
  const all = Object.values(packages);
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(all.length).toBeGreaterThan(100);
  const served = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}\.(?:whl|zip)$/;
  expect(all.filter(({ file_name }) => !served.test(file_name))).toEqual([]);
  const needed = all.flatMap(({ depends }) => depends);
  const keys = needed.map((name) => name.replace(/[-_.]+/g, "-").toLowerCase());
  expect(keys.filter((name) => !packages[name])).toEqual([]);
});

test("a folder that is not there or has no packages is refused", async () => {
  const bucket = { hash: never, put: never, close: never };
  const fillFrom = (path: string) => fillPackages({ folder: path, list, bucket, print: () => {} });
  await expect(fillFrom("/none")).rejects.toThrow("There is no folder /none.");
  const docs = fromRoot("docs");
  await expect(fillFrom(docs)).rejects.toThrow(
    `There are no packages in ${docs}: files that end in .whl or .zip.`,
  );
});

async function never(): Promise<never> {
  throw new Error("The bucket is not used.");
}

test("the command says in a sentence what is wrong", () => {
  expect(runCommand([])).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "Name the folder with the packages: python:packages <folder> [--remote [--env staging]].\n",
  });
});

test("the command sums up, and fails when it has refused a file", () => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  inFolder("juice-1.0.whl", "juice");
  const { version } = readPackageList();
  expect(runCommand([folder])).toEqual({
    status: 1,
    stdout: `refused        juice-1.0.whl: it is not in the list of Pyodide ${version}\n0 uploaded, 0 already there, 1 refused, 0 missing.\n`,
    stderr: "",
  });
});

function runCommand(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    nodePath,
    [fromRoot("scripts/python-packages.ts"), ...args],
    {
      cwd: rootDir,
      env: { ...process.env, STATE_DIR: join(directory, "command") },
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
}
