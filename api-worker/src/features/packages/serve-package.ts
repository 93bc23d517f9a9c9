import { countPublicRead } from "../../platform/rate-limit.ts";
import { errorResponse, methodNotAllowed } from "../../responses.ts";

export const packagePrefix = "/run/packages/";

/** A version of Pyodide, and the name of one file: no folders, no encoded characters. */
const pathPattern = /^\d{1,4}\.\d{1,4}\.\d{1,4}\/[A-Za-z0-9][A-Za-z0-9._-]{0,199}\.(?:whl|zip)$/;

/** Objects with this prefix are written by `pnpm python:packages` alone, and are public. */
const objectPrefix = "python/";

interface PackageRequest {
  readonly env: Pick<Env, "FILES" | "READ_BY_ADDRESS">;
  readonly request: { readonly id: string; readonly url: URL; readonly address: string };
}

/**
 * Serves `GET` and `HEAD` of `/run/packages/:version/:file`: packages for Python in the browser that
 * the operator has uploaded, for everyone. Nothing but the path is read from the request.
 *
 * @throws AppError RATE_LIMITED
 */
export async function servePackage(ctx: PackageRequest, method: string): Promise<Response> {
  const { id, url } = ctx.request;
  if (method !== "GET" && method !== "HEAD") {
    return methodNotAllowed("Packages can only be read here.", ["GET", "HEAD"], id);
  }
  await countPublicRead(ctx);
  const path = url.pathname.slice(packagePrefix.length);
  if (!pathPattern.test(path)) return missing(id);
  const key = `${objectPrefix}${path}`;
  const object = await (method === "GET" ? ctx.env.FILES.get(key) : ctx.env.FILES.head(key));
  if (!object) return missing(id);
  const headers = {
    // Wheels are ZIP archives too.
    "content-type": "application/zip",
    "content-length": String(object.size),
    // The path names the version of Pyodide and that of the package.
    "cache-control": "public, max-age=31536000, immutable",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-request-id": id,
  };
  return new Response("body" in object ? (object as R2ObjectBody).body : null, { headers });
}

/** Not thrown, because code that imports a package that is not there is no security event. */
function missing(requestId: string): Response {
  return errorResponse("NOT_FOUND", "This package isn’t on this site.", requestId);
}
