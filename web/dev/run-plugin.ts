import { readFileSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { sendResponse } from "@remix-run/node-fetch-server";
import { build, type Plugin } from "vite";

const packageFile = createRequire(import.meta.url).resolve("pyodide/package.json");
const packageDir = dirname(packageFile);
const { version } = JSON.parse(readFileSync(packageFile, "utf8"));
/** Names the version, so that the files of one path never change. */
const folder = `pyodide/${version}`;

const types: Readonly<Record<string, string>> = {
  "pyodide.mjs": "text/javascript",
  "pyodide.asm.mjs": "text/javascript",
  "pyodide.asm.wasm": "application/wasm",
  "python_stdlib.zip": "application/zip",
  // Lists the packages that an operator can add, which are not in this folder.
  "pyodide-lock.json": "application/json",
};

/** Provides Python's files, as `/pyodide/<version>/…`, in the build and in development. */
export function pythonPlugin(): Plugin {
  return {
    name: "alleato-python",
    async writeBundle({ dir }) {
      if (this.environment.name !== "client" || !dir) return;
      await mkdir(join(dir, folder), { recursive: true });
      const names = Object.keys(types);
      await Promise.all(names.map((name) => cp(join(packageDir, name), join(dir, folder, name))));
    },
    configureServer(server) {
      server.middlewares.use(`/${folder}`, (req, res, next) => {
        const name = (req.url ?? "").slice(1);
        const type = types[name];
        if (type === undefined) return next();
        const headers = { "content-type": type, "access-control-allow-origin": "*" };
        const response = new Response(readFileSync(join(packageDir, name)), { headers });
        sendResponse(res, response).catch(next);
      });
    },
  };
}

const query = "?script";

/**
 * Makes `import code from "./x.ts?script"` the text of a script, bundled and minified, for the
 * frames in which code of documents runs.
 */
export function scriptTextPlugin(): Plugin {
  return {
    name: "alleato-script-text",
    enforce: "pre",
    async load(id) {
      if (!id.endsWith(query)) return null;
      const path = id.slice(0, -query.length);
      const output = await build({
        configFile: false,
        logLevel: "error",
        define: { "process.env.NODE_ENV": JSON.stringify("production") },
        build: {
          write: false,
          target: "es2022",
          modulePreload: false,
          rolldownOptions: { input: path, output: { format: "iife", codeSplitting: false } },
        },
      });
      if (Array.isArray(output) || !("output" in output)) throw new Error(`${path} was not built.`);
      for (const chunk of output.output) {
        if (chunk.type !== "chunk") continue;
        for (const file of Object.keys(chunk.modules)) this.addWatchFile(file);
      }
      return `export default ${JSON.stringify(output.output[0].code)};`;
    },
  };
}
