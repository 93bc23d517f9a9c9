import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";
import { beforeAll, expect, test } from "vitest";

type Main = (source: string, page: object) => Promise<string | undefined>;

let main: Main;

beforeAll(async () => {
  const python = await loadPyodide();
  main = python.runPython(readFileSync(new URL("run_main.py", import.meta.url), "utf8"));
}, 60_000);

/** Runs a source. @returns the error that is shown, and the modules whose absence was explained */
async function run(source: string) {
  const explained: string[] = [];
  const explainImport = (module: string) => {
    explained.push(module);
    return `There is no ${module}.`;
  };
  return { error: await main(source, { explainImport, writeResult: () => {} }), explained };
}

test.each([
  ["import numpy", "numpy"],
  ["import numpy.linalg", "numpy"],
  ["from sklearn.svm import SVC", "sklearn"],
  ["import importlib\nimportlib.import_module('PIL.Image')", "PIL"],
])("an import of a package that is not there is explained: %s", async (source, module) => {
  expect(await run(source)).toEqual({
    error: `ModuleNotFoundError: No module named '${module}'\nThere is no ${module}.`,
    explained: [module],
  });
});

test("what a browser lacks of the standard library is no package", async () => {
  expect(await run("import tkinter")).toEqual({
    error:
      "ModuleNotFoundError: No module named 'tkinter'\n“tkinter” is a part of Python that isn’t available in a browser.",
    explained: [],
  });
});

test("a module that is missing in one that is there is Python’s own error", async () => {
  const { error, explained } = await run("import json.nothing");
  expect(error).toContain('File "main.py", line 1');
  expect(error).toContain("ModuleNotFoundError: No module named 'json.nothing'");
  expect(explained).toEqual([]);
});

test("code can go on without a package", async () => {
  const source = "try:\n    import numpy\nexcept ImportError:\n    pass";
  expect(await run(source)).toEqual({ error: undefined, explained: [] });
});
