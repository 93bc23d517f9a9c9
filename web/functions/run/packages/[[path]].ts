export { passOn as onRequest } from "../../../pages/pass-on.ts";
