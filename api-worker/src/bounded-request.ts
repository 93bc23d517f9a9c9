/** What a request may bring to the router: bytes, calls, and JSON, each checked before it is parsed. */
import { limits } from "./contracts/limits.ts";
import { AppError } from "./errors.ts";
import { checkJson } from "./platform/check-json.ts";
import { readBody } from "./platform/request-body.ts";
import type { Viewer } from "./viewer.ts";

const uploadPath = "/trpc/uploads.create";
const importPath = "/trpc/chats.import";

/**
 * The router would read a form completely before it calls a procedure. With an unknown content type
 * it passes the body on as a stream, and the procedure reads the form as it arrives.
 */
export function withStreamedForm(request: Request): Request {
  if (!isStreamedForm(request)) return request;
  const headers = new Headers(request.headers);
  headers.set("content-type", "application/octet-stream");
  return new Request(request, { headers });
}

function isStreamedForm({ url, headers }: Request): boolean {
  const isForm = headers.get("content-type")?.startsWith("multipart/form-data") ?? false;
  return isForm && new URL(url).pathname === uploadPath;
}

/**
 * Bounds a request for the router.
 *
 * @param request as it arrived
 * @param routed the same, from {@link withStreamedForm}
 * @returns a request whose body is in memory and has its Content-Length, except for a form that
 *   `uploads.create` reads
 * @throws AppError TOO_LARGE; INVALID for too many calls or too much nesting
 */
export async function boundRequest(
  request: Request,
  routed: Request,
  viewer: Viewer | null,
): Promise<Request> {
  const url = new URL(request.url);
  checkBatch(url);
  checkJson(new TextEncoder().encode(url.searchParams.get("input") ?? ""));
  // How much an upload may have depends on the viewer: `createUpload` checks it.
  if (isStreamedForm(request) || !routed.body) return routed;
  const body = await readBody(routed, bodyMaxBytes(url, viewer));
  if (body) checkJson(body);
  const { method, signal } = request;
  const headers = new Headers(request.headers);
  headers.set("content-length", String(body?.length ?? 0));
  return new Request(request.url, { method, headers, body, signal });
}

/** By the path as the router sees it, which decodes it. */
function checkBatch({ pathname, searchParams }: URL): void {
  if (searchParams.get("batch") !== "1") return;
  const calls = pathname.replaceAll(/%2c/gi, ",").split(",").length;
  if (calls <= limits.batchCallsMax) return;
  throw new AppError("INVALID", `A request can have up to ${limits.batchCallsMax} calls.`);
}

function bodyMaxBytes({ pathname }: URL, viewer: Viewer | null): number {
  if (!viewer) return limits.anonymousBodyMaxBytes;
  return pathname === importPath ? limits.importMaxBytes : limits.bodyMaxBytes;
}
