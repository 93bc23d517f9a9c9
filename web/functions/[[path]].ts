// Built from pages/server.ts.
export { onRequest } from "../build/server/index.js";
