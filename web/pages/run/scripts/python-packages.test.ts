import { expect, test } from "vitest";
import type { LoadedFile } from "../../../app/features/documents/run/packages/package-files.ts";
import { runLimits } from "../../../app/features/documents/run/run-limits.ts";
import { type PackageLock, PythonPackages } from "./python-packages.ts";

function listed(name: string, depends: readonly string[] = [], imports = [name]) {
  return { name, file_name: `${name}-1.0.whl`, sha256: `hash of ${name}`, imports, depends };
}

const lock: PackageLock = {
  packages: {
    numpy: listed("numpy"),
    pillow: listed("Pillow", [], ["PIL"]),
    matplotlib: listed("matplotlib", ["numpy", "pillow"], ["matplotlib", "pylab"]),
    one: listed("one", ["the_other"]),
    "the-other": listed("the-other", ["one"]),
  },
};

const bytes = new Uint8Array();
const numpy: LoadedFile = { name: "numpy-1.0.whl", bytes };
const matplotlib: LoadedFile = { name: "matplotlib-1.0.whl", bytes };

function namesOf(modules: readonly string[]): readonly string[] {
  return new PythonPackages(lock, modules).listFiles().map(({ name }) => name);
}

test("the files of what is imported are listed once, with all that is needed", () => {
  expect(new PythonPackages(lock, ["numpy", "numpy.linalg"]).listFiles()).toEqual([
    { name: "numpy-1.0.whl", sha256: "hash of numpy" },
  ]);
  expect(namesOf(["numpy", "pylab", "matplotlib"])).toEqual([
    "numpy-1.0.whl",
    "matplotlib-1.0.whl",
    "Pillow-1.0.whl",
  ]);
  // A circle, and a name in another spelling.
  expect(namesOf(["one"])).toEqual(["one-1.0.whl", "the-other-1.0.whl"]);
  expect(namesOf(["math", "torch"])).toEqual([]);
});

test("a package is started when all that it needs is there", () => {
  const packages = new PythonPackages(lock, ["numpy", "matplotlib"]);
  const pillow: LoadedFile = { name: "Pillow-1.0.whl", problem: "missing" };
  expect(packages.takeFiles([numpy, matplotlib, pillow])).toEqual(["numpy"]);
  expect(packages.explain("matplotlib.pyplot")).toBe(
    "The package matplotlib needs Pillow, which isn’t installed on this site. The site’s operator can add it with `pnpm python:packages`: Pillow-1.0.whl.",
  );
  expect(packages.explain("PIL")).toBe(
    "The package Pillow isn’t installed on this site. The site’s operator can add it with `pnpm python:packages`: Pillow-1.0.whl.",
  );
});

test("several packages that are not there are named together", () => {
  const packages = new PythonPackages(lock, ["matplotlib"]);
  const absent = (name: string): LoadedFile => ({ name, problem: "missing" });
  packages.takeFiles([absent("numpy-1.0.whl"), matplotlib, absent("Pillow-1.0.whl")]);
  expect(packages.explain("matplotlib")).toBe(
    "The package matplotlib needs numpy and Pillow, which aren’t installed on this site. The site’s operator can add them with `pnpm python:packages`: numpy-1.0.whl, Pillow-1.0.whl.",
  );
});

test.each([
  ["damaged", /^The package numpy is damaged on this site\. .*numpy-1\.0\.whl\.$/],
  ["too-large", /larger than a run may load: 100 MB in 100 files\. Import fewer\.$/],
  ["failed", /couldn’t be loaded\. Check your connection and run the code again\.$/],
] as const)("a file that is %s is explained", (problem, text) => {
  const packages = new PythonPackages(lock, ["numpy"]);
  expect(packages.takeFiles([{ name: "numpy-1.0.whl", problem }])).toEqual([]);
  expect(packages.explain("numpy")).toMatch(text);
});

test("a package that does not start is explained", () => {
  const packages = new PythonPackages(lock, ["numpy"]);
  packages.takeStarted(packages.takeFiles([numpy]), []);
  expect(packages.explain("numpy")).toBe("The package numpy couldn’t be started in this browser.");
});

test("an import that no statement has shows the way, and one of no package says so", () => {
  const packages = new PythonPackages(lock, ["numpy"]);
  packages.takeStarted(packages.takeFiles([numpy]), ["numpy"]);
  expect(packages.explain("PIL")).toContain("Add the line “import PIL” and run the code again.");
  expect(packages.explain("torch")).toMatch(/^“torch” isn’t available here\. Use code without it/);
});

test("more files than a run may load are not asked for", () => {
  const many = Array.from({ length: runLimits.packageFilesMax + 1 }, (_, n) => `p${n}`);
  const large = { packages: Object.fromEntries(many.map((name) => [name, listed(name)])) };
  expect(new PythonPackages(large, many.slice(1)).listFiles().length).toBe(
    runLimits.packageFilesMax,
  );
  const packages = new PythonPackages(large, many);
  expect(packages.listFiles()).toEqual([]);
  expect(packages.explain("p0")).toContain("larger than a run may load");
});
