import type { loadPyodide, PyodideAPI } from "pyodide";
import type { PackagesAnswer } from "../../../app/features/documents/run/packages/package-files.ts";
import { PythonPackages } from "./python-packages.ts";
import runner from "./run_main.py?raw";
import {
  askForPackages,
  OverflowError,
  reportRefusals,
  tellEnd,
  tellError,
  tellPhase,
  writePicture,
  writeText,
} from "./worker-output.ts";

/** Runs Python in a worker by Pyodide, whose files come from this site. */

/** Stands for the place of packages, which come from the page. Nothing is fetched from it. */
const packagesUrl = "https://packages.invalid/";

type Stream = "stdout" | "stderr";

/** Handles what Python writes: bytes, which may end within a character. */
function writerOf(stream: Stream) {
  const decoder = new TextDecoder();
  return {
    write(bytes: Uint8Array): number {
      writeText(stream, decoder.decode(bytes, { stream: true }));
      return bytes.length;
    },
  };
}

async function load(pythonUrl: string) {
  // By this function Pyodide knows a classic worker, in which it does not start. It needs no more of
  // a module worker than `import()`.
  Object.defineProperty(self, "importScripts", { value: undefined });
  const module: { loadPyodide: typeof loadPyodide } = await import(
    /* @vite-ignore */ `${pythonUrl}pyodide.mjs`
  );
  const python = await module.loadPyodide({
    indexURL: pythonUrl,
    packageBaseUrl: packagesUrl,
    env: {
      HOME: "/home/pyodide",
      // Otherwise a loop that waits would show nothing until its end.
      PYTHONUNBUFFERED: "1",
      NO_COLOR: "1",
      // Draws pictures without a window.
      MPLBACKEND: "AGG",
    },
  });
  python.setStdin({ stdin: () => null });
  python.setStdout(writerOf("stdout"));
  python.setStderr(writerOf("stderr"));
  return python;
}

/**
 * Loads the packages that the source imports, as far as the page gets them. Nothing is thrown for the
 * others: the code may do without them, and its import says why they are not there.
 */
async function loadPackages(python: PyodideAPI, source: string): Promise<PythonPackages> {
  const packages = new PythonPackages(python.lockfile, findImports(python, source));
  const files = packages.listFiles();
  if (files.length === 0) return packages;
  const answer = nextAnswer();
  askForPackages(files);
  const { files: loaded } = await answer;
  const wanted = packages.takeFiles(loaded);
  const bytes = new Map(
    loaded.flatMap((file) => ("bytes" in file ? [[file.name, file.bytes]] : [])),
  );
  // The frame's policy refuses to fetch them. The page has compared them with the list.
  const { fetch } = self;
  self.fetch = async (address) => {
    const name = String(address).slice(packagesUrl.length);
    return new Response(bytes.get(name) ?? null, { status: bytes.has(name) ? 200 : 404 });
  };
  try {
    const silent = { messageCallback: () => {}, errorCallback: () => {} };
    const started = await python.loadPackage([...wanted], silent);
    packages.takeStarted(
      wanted,
      started.map(({ name }) => name),
    );
  } finally {
    self.fetch = fetch;
  }
  return packages;
}

function findImports(python: PyodideAPI, source: string): string[] {
  const found = python.pyimport("pyodide.code").find_imports(source);
  const modules: string[] = found.toJs();
  found.destroy();
  return modules;
}

function nextAnswer(): Promise<PackagesAnswer> {
  return new Promise((resolve) =>
    addEventListener("message", ({ data }) => resolve(data), { once: true }),
  );
}

async function run({ source, pythonUrl }: Record<"source" | "pythonUrl", string>): Promise<void> {
  const python = await load(pythonUrl).catch((error: unknown) => {
    console.warn(error);
    tellEnd("not-loaded");
    return null;
  });
  if (!python) return;
  reportRefusals((text) => writeText("note", text));
  tellPhase("packages");
  const packages = await loadPackages(python, source);
  const main = python.runPython(runner);
  tellPhase("running");
  const error: unknown = await main(source, {
    writeResult: (text: string) => writeText("result", `${text}\n`),
    writePicture,
    explainImport: (module: string) => packages.explain(module),
  });
  if (typeof error === "string") tellError(error);
  tellEnd("done");
}

addEventListener(
  "message",
  ({ data }) => {
    run(data).catch((error: unknown) => {
      if (error instanceof OverflowError) return;
      tellError(String(error));
      tellEnd("done");
    });
  },
  { once: true },
);
