// The module that `react-router build` writes to build/server, from pages/server.ts.
declare module "*/build/server/index.js" {
  export const onRequest: import("./pages/server.ts").OnRequest;
}
