/** Serves chunks to the producers of both sides, like a model's API. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const sources = new Map<string, AsyncIterable<string>>();

const server = createServer(async (request, response) => {
  const path = request.url ?? "";
  const texts = sources.get(path);
  sources.delete(path);
  response.socket?.setNoDelay(true);
  response.flushHeaders();
  for await (const text of texts ?? []) {
    // Each chunk is sent on its own, as soon as it exists.
    if (!response.write(`${text}\n`)) {
      await new Promise((resolve) => response.once("drain", resolve));
    }
  }
  response.end();
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;

/** @returns an address from which the texts can be fetched once, one per line */
export function serveTexts(texts: AsyncIterable<string>): string {
  const path = `/${crypto.randomUUID()}`;
  sources.set(path, texts);
  return `http://127.0.0.1:${port}${path}`;
}
