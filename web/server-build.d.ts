// The module that `react-router build` writes to build/server, from pages/server.ts.
declare module "*/build/server/index.js" {
  export const serveApp: typeof import("./pages/server.ts").serveApp;
}
