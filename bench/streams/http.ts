import { Agent, type IncomingMessage, request } from "node:http";

/** Keep-alive connections, like a browser's. */
const keepAlive = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1_000 });

export interface OpenTexts {
  /** The response's text, in the pieces in which it arrives. Each piece ends with a whole event. */
  readonly texts: AsyncIterable<string>;
  readonly headers: IncomingMessage["headers"];
  readonly status: number;
  close(): void;
}

/**
 * Opens a stream of server-sent events.
 *
 * @param options.isFresh whether to use a new connection
 */
export function openTexts(
  url: string,
  options: { readonly isFresh?: boolean; readonly headers?: Record<string, string> } = {},
): Promise<OpenTexts> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent: options.isFresh ? new Agent() : keepAlive, headers: options.headers ?? {} },
      (response) => {
        response.setEncoding("utf8");
        resolve({
          texts: wholeEvents(response),
          headers: response.headers,
          status: response.statusCode ?? 0,
          close: () => response.destroy(),
        });
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}

/** @throws when the response's status is not 200 */
export function post(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent: keepAlive }, async (response) => {
      let answer = "";
      for await (const piece of response.setEncoding("utf8")) answer += piece;
      if (response.statusCode === 200) resolve();
      else reject(new Error(`${url} answered ${response.statusCode}: ${answer}`));
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function* wholeEvents(response: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of response) {
    const text = rest + piece;
    const end = text.lastIndexOf("\n\n");
    if (end < 0) {
      rest = text;
      continue;
    }
    rest = text.slice(end + 2);
    yield text.slice(0, end + 2);
  }
}
