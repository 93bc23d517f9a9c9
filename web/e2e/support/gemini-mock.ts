import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Fixture, LLMock } from "@copilotkit/aimock";
import { readAlong } from "../../../scripts/lib/request-body.ts";
import { copiedAnswer } from "./copied-answer.ts";
import { manyLines, manyThoughts, textTable } from "./text-table.ts";

/** The state of an answer's connection. */
export interface MockConnection {
  readonly path: string;
  /** `left`: the client closed it before the answer's end. */
  state: "open" | "finished" | "left";
}

const manyWords = Array.from({ length: 400 }, (_, index) => `word${index + 1}`).join(" ");

/** The mock's answers, by a text that the question contains. */
const fixtures: Fixture[] = [
  {
    match: { userMessage: "say hello" },
    response: { content: "Hello from the wire.", reasoning: "A greeting is called for." },
  },
  {
    match: { userMessage: "use up the quota" },
    response: { status: 429, error: { message: "Quota exceeded.", type: "RESOURCE_EXHAUSTED" } },
  },
  {
    match: { userMessage: "speak for a while" },
    response: { content: manyWords },
    chunkSize: 10,
    streamingProfile: { ttft: 0, tps: 60 },
  },
  {
    match: { userMessage: "show the table of texts" },
    response: { content: textTable },
    chunkSize: 3,
    streamingProfile: { ttft: 0, tps: 120 },
  },
  {
    match: { userMessage: "write what is copied" },
    response: { content: copiedAnswer },
  },
  {
    match: { userMessage: "write many lines" },
    response: { content: manyLines },
    chunkSize: 40,
    streamingProfile: { ttft: 0, tps: 20 },
  },
  {
    match: { userMessage: "think for long" },
    response: { content: manyLines, reasoning: manyThoughts },
    chunkSize: 40,
    streamingProfile: { ttft: 0, tps: 15 },
  },
  {
    // Long enough that the asking page has closed before it ends.
    match: { userMessage: "never end" },
    response: { content: manyWords },
    chunkSize: 10,
    streamingProfile: { ttft: 0, tps: 4 },
  },
];

/**
 * Starts a server on a free port that speaks Gemini's wire protocol. `GET /connections` returns the
 * {@link MockConnection}s so far, and `GET /wire` the bodies of their requests unchanged: the
 * mock's own journal leaves out pictures.
 */
export async function startGeminiMock(): Promise<{ url: string; stop: () => Promise<void> }> {
  const mock = new LLMock({ port: 0 });
  mock.addFixtures(fixtures);
  const connections: MockConnection[] = [];
  const bodies: string[] = [];
  const open = new Set<ServerResponse>();
  const onRequest = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.socket.localPort !== mock.port || !request.url?.startsWith("/v1beta/")) return;
    const connection: MockConnection = { path: request.url, state: "open" };
    connections.push(connection);
    readAlong(request, (body) => bodies.push(body));
    open.add(response);
    response.once("close", () => {
      open.delete(response);
      connection.state = response.writableEnded ? "finished" : "left";
      // Tells the mock, which otherwise keeps writing to a closed connection.
      response.end();
    });
  };
  subscribe("http.server.request.start", onRequest);
  mock.mount("/connections", {
    async handleRequest(_request, response) {
      response.setHeader("content-type", "application/json").end(JSON.stringify(connections));
      return true;
    },
  });
  mock.mount("/wire", {
    async handleRequest(_request, response) {
      response.setHeader("content-type", "application/json").end(JSON.stringify(bodies));
      return true;
    },
  });
  const url = await mock.start();
  return {
    url,
    stop: async () => {
      unsubscribe("http.server.request.start", onRequest);
      for (const response of open) response.destroy();
      await mock.stop();
    },
  };
}
