import { request as httpRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { Api } from "../app/lib/request-context.server.ts";

/**
 * Stands in for the service binding: reaches the worker at 127.0.0.1:`port` over plain HTTP. Node's
 * `fetch` may not set `Host`, but `node:http` may, so the worker sees the address that the browser
 * requested, as it does over a service binding. Bodies stream in both directions.
 */
export function createApi(port: number): Api {
  return { fetch: (request) => send(port, request) };
}

function send(port: number, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const outgoing = httpRequest({
    host: "127.0.0.1",
    port,
    method: request.method,
    path: url.pathname + url.search,
    headers: { ...Object.fromEntries(request.headers), host: url.host },
    signal: request.signal,
  });
  outgoing.on("response", (incoming) => resolve(toResponse(incoming)));
  outgoing.on("error", (error) =>
    reject(new Error(`The API worker does not answer at 127.0.0.1:${port}.`, { cause: error })),
  );
  if (request.body) Readable.fromWeb(request.body as NodeReadableStream).pipe(outgoing);
  else outgoing.end();
  return promise;
}

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  // These headers describe the connection to the worker, not the one to the browser.
  for (const name of ["connection", "keep-alive", "transfer-encoding"]) headers.delete(name);
  const status = incoming.statusCode ?? 502;
  const isBodyless = status === 204 || status === 304;
  const body = isBodyless ? null : (Readable.toWeb(incoming) as unknown as ReadableStream);
  return new Response(body, { status, headers });
}
