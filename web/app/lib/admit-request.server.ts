/** What the page server refuses before a page sees it, and the bounds of what a form may bring. */
import { data, type MiddlewareFunction } from "react-router";
import { logPageRefusal } from "./log.server.ts";
import type { PageError } from "./page-error.ts";
import type { PageRefusal } from "./page-refusal.ts";
import { requestContext } from "./request-context.server.ts";

/** The longest form is that of a sign-up: an address and a password. */
const formMaxBytes = 16_000;
const formType = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i;
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Bytes that are read of a refused body at most; see decision 0026. */
const restMaxBytes = 100 * 1024 * 1024;
const endlessMaxBytes = 1024 * 1024;

/**
 * Checks a request for a page: its origin by the API's rule, and that its body is a small form.
 * Bytes are counted as they arrive. The rest of a refused body is read and discarded.
 *
 * @returns the request for the pages, with its form in memory. For a refused request it is one that
 *   only reads, for which {@link refusalMiddleware} shows the reason
 */
export async function admitRequest(
  request: Request,
): Promise<{ request: Request; refusal: PageRefusal | null }> {
  if (safeMethods.has(request.method)) return { request, refusal: null };
  const refusal = refuseOrigin(request) ?? refuseType(request);
  const form = refusal ?? (await readForm(request));
  if (!(form instanceof Request)) {
    await discardRest(request);
    return { request: readingOnly(request), refusal: form };
  }
  return { request: form, refusal: null };
}

/**
 * As the API does. React Router refuses some of these itself, but without a page that says why, and
 * lets others through.
 */
function refuseOrigin({ url, headers }: Request): PageRefusal | null {
  const origin = headers.get("origin");
  if (origin === new URL(url).origin) return null;
  if (origin === null && !headers.has("cookie")) return null;
  return { status: 403, text: "This request didn’t come from this site." };
}

function refuseType({ body, headers }: Request): PageRefusal | null {
  const type = headers.get("content-type");
  if (type === null ? !body : formType.test(type)) return null;
  return { status: 415, text: "This page only takes forms." };
}

/** @returns the request with its form in memory, or why it is refused */
async function readForm(request: Request): Promise<Request | PageRefusal> {
  const bytes = await readBounded(request);
  if (!bytes) return { status: 413, text: "This form is too large." };
  const { url, method, signal } = request;
  const headers = new Headers(request.headers);
  if (!headers.has("content-type"))
    headers.set("content-type", "application/x-www-form-urlencoded");
  const form = new Request(url, { method, headers, body: bytes, signal });
  const isForm = await form
    .clone()
    .formData()
    .then(
      () => true,
      () => false,
    );
  return isForm ? form : { status: 400, text: "This form couldn’t be read. Try again." };
}

/** @returns null for a body that is too large, whose rest is unread then */
async function readBounded({ body, headers }: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(headers.get("content-length") ?? 0) > formMaxBytes) return null;
  const whole = new Uint8Array(formMaxBytes);
  let length = 0;
  const reader = body?.getReader();
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length + value.length > formMaxBytes) return null;
      whole.set(value, length);
      length += value.length;
    }
  } finally {
    reader?.releaseLock();
  }
  return whole.slice(0, length);
}

async function discardRest({ body, headers }: Request): Promise<void> {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    const maxBytes = headers.has("content-length") ? restMaxBytes : endlessMaxBytes;
    for (let left = maxBytes; left > 0; ) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.length;
    }
    await reader.cancel();
  } catch {
    // The client has disconnected.
  }
}

function readingOnly({ url, headers: sent, signal }: Request): Request {
  const headers = new Headers(sent);
  for (const name of ["content-type", "content-length", "transfer-encoding"]) headers.delete(name);
  return new Request(url, { headers, signal });
}

/** Logs a refused request, and shows its error page. */
export const refusalMiddleware: MiddlewareFunction<Response> = ({ context, request }, next) => {
  const { id, refusal } = context.get(requestContext);
  if (!refusal) return next();
  logPageRefusal(id, request, refusal.status);
  const pageError: PageError = { text: refusal.text, requestId: id };
  throw data(pageError, { status: refusal.status });
};
