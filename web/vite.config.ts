/*
 * How the web app is run. All commands run in this folder (`web`), with Node 24 on the PATH.
 *
 *   develop   WEB_PORT=5173 API_PORT=8787 react-router dev
 *             The API worker must run at 127.0.0.1:API_PORT (`wrangler dev --port $API_PORT` at the
 *             top level). dev/api-plugin.ts passes /trpc, /files, /v1 and /run/packages on to it and
 *             gives the server code a stand-in for the service binding, both with the page's own Host
 *             header, so that the worker sees the same address as the browser.
 *   build     react-router build           → build/client, build/server
 *   preview   serves the build with the worker beside it, bound as web/wrangler.toml says: `pnpm preview`
 *             at the top level (scripts/lib/local-runtime.ts)
 *   types     react-router typegen         → .react-router/types, which `tsc -b` needs
 */
import { reactRouter } from "@react-router/dev/vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { apiPlugin } from "./dev/api-plugin.ts";
import { pythonPlugin, scriptTextPlugin } from "./dev/run-plugin.ts";

const apiPort = Number(process.env.API_PORT ?? 8787);
const webPort = Number(process.env.WEB_PORT ?? 5173);

/** The small modules that every page loads. */
const primitives =
  /\/app\/(ui\/(alert|button|class-names|link-looks|logo|spinner)|lib\/(cookies|keyboard|store|theme))\.tsx?$/;
/** The small modules that every page with messages loads. */
const messagePieces = /\/app\/ui\/copy-button\.tsx$|\/icons\/(check|copy|pencil)\.mjs$/;
/** The small modules that every page with messages or a list of files loads. */
const filePieces = /\/(byte-text\.ts|file-icon\.tsx|icons\/file-text\.mjs)$/;

export default defineConfig(({ command }) => ({
  plugins: [
    tailwindcss(),
    scriptTextPlugin(),
    pythonPlugin(),
    apiPlugin({ apiPort }),
    reactRouter(),
  ],
  server: { port: webPort, strictPort: true, host: "127.0.0.1", cors: false },
  // Finds all client packages at startup: one found later would reload the open page.
  optimizeDeps: { entries: ["app/entry.client.tsx", "app/root.tsx", "app/routes/**/*.tsx"] },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          // Packs small modules that are always needed together into one file. Otherwise each is a
          // request of its own, with more overhead than content.
          output: {
            codeSplitting: {
              groups: [
                { name: "primitives", test: primitives },
                { name: "message-pieces", test: messagePieces },
                { name: "file-pieces", test: filePieces },
              ],
            },
          },
        },
      },
    },
    ssr: {
      // One self-contained server file, with React's production code and workerd's entry points.
      // In development the server code runs in Node, which takes packages as they are installed.
      ...(command === "build" && {
        build: { rollupOptions: { input: "./pages/server.ts" } },
        define: { "process.env.NODE_ENV": JSON.stringify("production") },
        resolve: {
          noExternal: true,
          conditions: ["workerd", "worker", "module", "production"],
        },
      }),
    },
  },
}));
