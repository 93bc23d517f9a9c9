import type { loadPyodide } from "pyodide";
import runner from "./run_main.py?raw";
import {
  OverflowError,
  reportRefusals,
  tellEnd,
  tellError,
  tellPhase,
  writePicture,
  writeText,
} from "./worker-output.ts";

/** Runs Python in a worker by Pyodide, whose files come from this site. */

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

async function run({ source, pythonUrl }: Record<"source" | "pythonUrl", string>): Promise<void> {
  const python = await load(pythonUrl).catch((error: unknown) => {
    console.warn(error);
    tellEnd("not-loaded");
    return null;
  });
  if (!python) return;
  reportRefusals((text) => writeText("note", text));
  tellPhase("packages");
  await python.loadPackagesFromImports(source, {
    messageCallback: () => {},
    errorCallback: () => {},
  });
  const main = python.runPython(runner);
  tellPhase("running");
  const error: unknown = await main(source, {
    writeResult: (text: string) => writeText("result", `${text}\n`),
    writePicture,
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
