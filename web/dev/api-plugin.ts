import { createRequest, sendResponse } from "@remix-run/node-fetch-server";
import { createRequestHandler } from "react-router";
import { isRunnableDevEnvironment, type Plugin, type ViteDevServer } from "vite";
import type { Api } from "../app/lib/request-context.server.ts";
import { isPassedOn } from "../pages/pass-on.ts";
import { createApi } from "./http-api.ts";

/**
 * Does the work of the Pages functions in development: forwards the API's paths to the worker, and
 * serves pages with a load context that reaches it. Must come before React Router's plugin, whose
 * page handler does not know the API.
 */
export function apiPlugin({ apiPort }: { apiPort: number }): Plugin {
  const api = createApi(apiPort);
  return {
    name: "alleato-api",
    apply: "serve",
    configureServer(server) {
      server.middlewares.use(async (req, res, next) => {
        if (!isPassedOn((req.url ?? "").split("?", 1)[0] ?? "")) return next();
        await api
          .fetch(createRequest(req, res))
          .then((response) => sendResponse(res, response))
          .catch(next);
      });
      return () => {
        server.middlewares.use(async (req, res, next) => {
          req.url = req.originalUrl ?? req.url;
          await servePage(server, api, createRequest(req, res))
            .then((response) => sendResponse(res, response))
            .catch(next);
        });
      };
    },
  };
}

async function servePage(server: ViteDevServer, api: Api, request: Request): Promise<Response> {
  const { ssr } = server.environments;
  if (!ssr || !isRunnableDevEnvironment(ssr)) {
    throw new Error("Vite's server environment cannot run modules.");
  }
  const { serveRunFrame } = await ssr.runner.import("/pages/run/serve-run-frame.ts");
  const frame = serveRunFrame(request);
  if (frame) return frame;
  const build = await ssr.runner.import("virtual:react-router/server-build");
  const handler = createRequestHandler(build, "development");
  const { admitRequest, createLoadContext } = build.entry.module;
  const { request: admitted, refusal } = await admitRequest(request);
  return handler(admitted, createLoadContext({ api, timeZone: undefined, refusal }));
}
