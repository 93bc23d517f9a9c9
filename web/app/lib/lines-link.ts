import { TRPCClientError, type TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import type { TRPCErrorResponse } from "@trpc/server/rpc";
import { jsonlStreamConsumer } from "@trpc/server/unstable-core-do-not-import";
import type { AppRouter } from "api-worker";

/** A response as JSON lines, of one call: its values arrive one after the other. */
type Head = Record<"0", Promise<TRPCErrorResponse | { result: Promise<{ data: unknown }> }>>;

interface LinesLinkOptions {
  readonly url: string;
  /** Headers of each request. */
  readonly headers: () => Record<string, string>;
}

/**
 * Sends a mutation and reads its response piece by piece, like tRPC's `httpBatchStreamLink` with
 * one call in a batch. That link waits for other calls first, and the page renders meanwhile; this
 * one sends the request before anything else is done.
 *
 * @see https://trpc.io/docs/client/links/httpBatchStreamLink
 */
export function linesLink({ url, headers }: LinesLinkOptions): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const abort = new AbortController();
        const signal = op.signal ? AbortSignal.any([op.signal, abort.signal]) : abort.signal;
        call(`${url}/${op.path}?batch=1`, op.input, { signal, abort, headers: headers() }).then(
          (answer) => {
            if ("error" in answer) return observer.error(TRPCClientError.from(answer));
            observer.next({ result: answer.result });
            observer.complete();
          },
          (error: Error) => observer.error(TRPCClientError.from(error)),
        );
        // The response goes on after the call has its result. The caller's signal closes it.
        return () => undefined;
      });
}

interface CallOptions {
  readonly signal: AbortSignal;
  readonly abort: AbortController;
  readonly headers: Record<string, string>;
}

async function call(url: string, input: unknown, { signal, abort, headers }: CallOptions) {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/json",
      "trpc-accept": "application/jsonl",
    },
    body: JSON.stringify({ 0: input }),
    signal,
  });
  if (!response.ok || !response.body) return (await response.json()) as TRPCErrorResponse;
  const [head] = await jsonlStreamConsumer<Head>({
    from: response.body,
    deserialize: (value) => value,
    formatError: ({ error }) => TRPCClientError.from({ error } as TRPCErrorResponse),
    abortController: abort,
  });
  const answer = await head[0];
  if ("error" in answer) return answer;
  const { data } = await answer.result;
  return { result: { data: await data } };
}
