// What `react-router build` writes to build/server, as far as functions/ uses it.
declare module "*/build/server/index.js" {
  import type { ServerBuild } from "react-router";
  import type * as entryServer from "./app/entry.server.tsx";

  export const entry: { module: typeof entryServer };
  export const routes: ServerBuild["routes"];
  export const assets: ServerBuild["assets"];
  export const publicPath: ServerBuild["publicPath"];
  export const assetsBuildDirectory: ServerBuild["assetsBuildDirectory"];
  export const future: ServerBuild["future"];
  export const ssr: ServerBuild["ssr"];
  export const isSpaMode: ServerBuild["isSpaMode"];
  export const prerender: ServerBuild["prerender"];
  export const routeDiscovery: ServerBuild["routeDiscovery"];
}
