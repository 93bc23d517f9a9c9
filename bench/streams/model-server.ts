/**
 * A stand-in for Gemini's API that streams the bench's chunks, so that one clock sees a chunk's
 * creation in the model and its arrival at a reader of the whole product.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createSource, deltaOf, type Source, type SourcePlan } from "./chunks.ts";

export interface ModelServer {
  /** For `GOOGLE_GENERATIVE_AI_BASE_URL`. */
  readonly baseUrl: string;
  /** Prepares the answer to a question. */
  plan(question: string, plan: SourcePlan): Source;
  close(): void;
}

export async function startModelServer(): Promise<ModelServer> {
  const sources = new Map<string, Source>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request.setEncoding("utf8")) body += piece;
    // The product also requests a title for the same question, in one piece.
    const isStreamed = request.url?.includes(":streamGenerateContent") ?? false;
    const question = [...sources.keys()].find((key) => isStreamed && body.includes(key));
    const source = question === undefined ? undefined : sources.get(question);
    if (question !== undefined) sources.delete(question);
    response.socket?.setNoDelay(true);
    if (!source) {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answerPiece("A title", true)));
      return;
    }
    response.setHeader("content-type", "text/event-stream");
    for await (const text of source.stream) {
      response.write(`data: ${JSON.stringify(answerPiece(deltaOf(text), false))}\r\n\r\n`);
    }
    response.end(`data: ${JSON.stringify(answerPiece("", true))}\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1beta`,
    plan(question, plan) {
      const source = createSource(plan);
      sources.set(question, source);
      return source;
    },
    close: () => server.close(),
  };
}

/** A `GenerateContentResponse`. */
export function answerPiece(text: string, isLast: boolean) {
  const candidate = { index: 0, content: { role: "model", parts: [{ text }] } };
  if (!isLast) return { candidates: [candidate] };
  return {
    candidates: [{ ...candidate, finishReason: "STOP" }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  };
}
