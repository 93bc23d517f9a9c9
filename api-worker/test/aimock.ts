import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Fixture, LLMock } from "@copilotkit/aimock";
import type { TestProject } from "vitest/node";
import { readAlong } from "../../scripts/lib/request-body.ts";
import { pictureFixtures } from "./aimock-pictures.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Origin of a server that speaks Gemini's wire protocol, with the answers below. */
    aimockUrl: string;
  }
}

const manyWords = Array.from({ length: 200 }, (_, index) => `word${index + 1}`).join(" ");

const failure = (ask: string, status: number, message: string, type?: string): Fixture => ({
  match: { userMessage: ask },
  response: { status, error: { message, ...(type ? { type } : {}) } },
});

function toolCall(name: string, input: object) {
  return {
    toolCalls: [{ name, arguments: JSON.stringify(input) }],
    finishReason: "stop",
  };
}

/** What an edit of the essay finds, by the word that the question has: "match once <id>". */
const finds: Readonly<Record<string, string>> = {
  nothing: "The sun pulls",
  twice: "s",
  once: "moon pulls the sea",
};

/** The model edits the document whose id is the last word of the question. */
function editsOf(word: string): Fixture[] {
  return [
    {
      match: { userMessage: `match ${word}`, hasToolResult: false },
      response: (request) => {
        const documentId = JSON.stringify(request).match(/match \w+ ([\w-]{36})/)?.[1] ?? "";
        const edits = [{ find: finds[word] ?? "", replace: "moon lifts the sea" }];
        return toolCall("editDocument", { documentId, edits });
      },
    },
    {
      match: { userMessage: `match ${word}`, toolResultContains: "in the document" },
      response: { content: "I couldn’t change it." },
    },
    {
      match: { userMessage: `match ${word}`, hasToolResult: true },
      response: { content: "I changed it." },
    },
  ];
}

/** What a review of the essay suggests, by the word that the question has: "review well <id>". */
const reviews: Readonly<Record<string, readonly object[]>> = {
  well: [
    { original: "The moon", proposed: "The full moon", reason: "More is seen." },
    { original: "The sun", proposed: "The stars", reason: "Night." },
  ],
  wrongly: [{ original: "The sun", proposed: "The stars", reason: "Night." }],
};

/** The model reviews the document whose id is the last word of the question. */
function reviewsOf(word: string): Fixture[] {
  const lines = (reviews[word] ?? []).map((suggestion) => JSON.stringify(suggestion));
  return [
    {
      match: { userMessage: `review ${word}`, hasToolResult: false },
      response: (request) => {
        const text = JSON.stringify(request);
        const documentId = text.match(/review \w+ ([\w-]{36})/)?.[1] ?? "";
        return toolCall("requestSuggestions", { documentId, instructions: `Judge it ${word}.` });
      },
    },
    {
      match: { userMessage: `Suggest improvements of it now. Judge it ${word}.` },
      response: { content: `Here you are:\n\`\`\`json\n${lines.join("\n")}\n\`\`\`` },
    },
    {
      match: { userMessage: `review ${word}`, toolResultContains: "No suggestion could be used" },
      response: { content: "I found nothing to change." },
    },
    {
      match: {
        userMessage: `review ${word}`,
        toolResultContains: "The sun” isn’t in the document",
      },
      response: { content: "One of two fits." },
    },
  ];
}

/**
 * The mock's responses, by a text in the last user message. Gemini ends a tool call with STOP,
 * which the mock has to be told.
 */
const fixtures: Fixture[] = [
  {
    match: { userMessage: "say hello" },
    response: {
      content: "Hello from the wire.",
      usage: { promptTokenCount: 7, candidatesTokenCount: 5 },
    },
  },
  {
    match: { userMessage: "reason first" },
    response: { content: "It is 42.", reasoning: "Six times seven." },
  },
  failure("use up the quota", 429, "Quota exceeded for metric.", "RESOURCE_EXHAUSTED"),
  failure("overload", 503, "The model is overloaded.", "UNAVAILABLE"),
  failure("break inside", 500, "An internal error has occurred.", "INTERNAL"),
  failure("wrong key", 400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT"),
  failure("key refused", 403, "Requests from this project are denied.", "PERMISSION_DENIED"),
  failure("say too much", 400, "The input token count exceeds the maximum number of tokens."),
  {
    match: { userMessage: "say the forbidden" },
    response: { content: "I", finishReason: "content_filter" },
  },
  {
    match: { userMessage: "send rubbish" },
    response: { content: "never sent" },
    chaos: { malformedRate: 1 },
  },
  {
    match: { userMessage: "break off" },
    response: { content: manyWords },
    chunkSize: 10,
    // Paced, because bytes that arrive together with the cut are lost with it.
    streamingProfile: { ttft: 0, tps: 50 },
    truncateAfterChunks: 5,
  },
  {
    match: { userMessage: "use the calculator", hasToolResult: false },
    response: {
      toolCalls: [{ name: "calculate", arguments: '{"expression":"6*7"}' }],
      finishReason: "stop",
    },
  },
  {
    match: { userMessage: "use the calculator", toolResultContains: "42" },
    response: { content: "It is 42." },
  },
  {
    match: { userMessage: "call a tool that is none", hasToolResult: false },
    response: { toolCalls: [{ name: "launchRocket", arguments: "{}" }], finishReason: "stop" },
  },
  {
    match: { userMessage: "call a tool that is none", hasToolResult: true },
    response: { content: "I cannot do that." },
  },
  {
    // The model calls the tool again, whatever the result is.
    match: { userMessage: "never stop calling" },
    response: { toolCalls: [{ name: "getCurrentTime", arguments: "{}" }], finishReason: "stop" },
  },
  // A model that writes a document: the call, the text that the writer asks for, and the answer.
  {
    match: { userMessage: "write the essay", hasToolResult: false },
    response: toolCall("createDocument", {
      ...{ kind: "text", title: "Tides", instructions: "About the moon." },
    }),
  },
  {
    match: { userMessage: "Write the document “Tides” now. About the moon." },
    response: { content: "The moon pulls the sea.", usage: { candidatesTokenCount: 6 } },
  },
  {
    match: { userMessage: "write the essay", hasToolResult: true },
    response: { content: "It is written." },
  },
  {
    match: { userMessage: "write a poem", hasToolResult: false },
    response: toolCall("createDocument", { kind: "poem", title: "Tides" }),
  },
  {
    match: { userMessage: "write a poem", toolResultContains: "invalid input" },
    response: { content: "I called it wrongly." },
  },
  ...["nothing", "twice", "once"].flatMap(editsOf),
  ...["well", "wrongly"].flatMap(reviewsOf),
  ...pictureFixtures,
  {
    // Long enough that the client is gone before it ends.
    match: { userMessage: "never end" },
    response: { content: manyWords },
    chunkSize: 5,
    streamingProfile: { ttft: 0, tps: 2 },
  },
];

/** Either marks a request, so that a test can find its connection. */
const testIdHeaders = ["x-test-id", "x-goog-api-key"];

/**
 * Watches the mock's connections, because the mock does not notice when a client disconnects. `GET
 * /connections/left` returns the test ids of clients that disconnected before the end, and `GET
 * /wire` the raw bodies of requests with files, of which the mock's journal keeps only the text.
 */
function watchConnections(aimock: LLMock): { destroyAll: () => void; unsubscribe: () => void } {
  const open = new Set<ServerResponse>();
  const left: string[] = [];
  const bodies: string[] = [];
  const onRequest = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.socket.localPort !== aimock.port) return;
    open.add(response);
    readAlong(request, (body) => {
      if (body.includes('"inlineData"')) bodies.push(body);
    });
    response.once("close", () => {
      open.delete(response);
      const testIds = testIdHeaders.map((name) => request.headers[name]);
      if (!response.writableEnded) left.push(...testIds.filter((id) => typeof id === "string"));
      // Ends the mock's response, which it would otherwise keep sending.
      response.end();
    });
  };
  subscribe("http.server.request.start", onRequest);
  aimock.mount("/connections", {
    async handleRequest(_request, response) {
      response.setHeader("content-type", "application/json").end(JSON.stringify(left));
      return true;
    },
  });
  aimock.mount("/wire", {
    async handleRequest(_request, response) {
      response.setHeader("content-type", "application/json").end(JSON.stringify(bodies));
      return true;
    },
  });
  return {
    destroyAll: () => {
      for (const response of open) response.destroy();
    },
    unsubscribe: () => unsubscribe("http.server.request.start", onRequest),
  };
}

/** Starts the mock on a free port. `stop` also ends answers that are still being sent. */
async function startAimock(): Promise<{ url: string; stop: () => Promise<void> }> {
  const aimock = new LLMock({ port: 0 });
  aimock.addFixtures(fixtures);
  const connections = watchConnections(aimock);
  const url = await aimock.start();
  return {
    url,
    stop: async () => {
      connections.unsubscribe();
      connections.destroyAll();
      await aimock.stop();
    },
  };
}

/** Runs the mock beside a test run; tests find it with `inject("aimockUrl")`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startAimock();
  project.provide("aimockUrl", url);
  return stop;
}
