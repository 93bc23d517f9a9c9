import type { AudioResponse, Fixture } from "@copilotkit/aimock";

/** One grey pixel, and what the model makes of it: two. */
const onePixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";
const twoPixels =
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNoaAAAAYMBARg1IhUAAAAASUVORK5CYII=";

/** The mock sends what it calls audio as inline data of any type, which is how Gemini sends pictures. */
const picture = (b64Json: string): AudioResponse => ({
  audio: { b64Json, contentType: "image/png" },
});

const draw = (instructions: string) => ({
  toolCalls: [
    {
      name: "createDocument",
      arguments: JSON.stringify({ kind: "image", title: "Lighthouse", instructions }),
    },
  ],
  finishReason: "stop",
});

const whenDone = (ask: string, content: string): Fixture => ({
  match: { userMessage: ask, hasToolResult: true },
  response: { content },
});

/** Pictures: the call of the tool, the picture by the image model, and the answer. */
export const pictureFixtures: readonly Fixture[] = [
  {
    match: { userMessage: "draw the lighthouse", hasToolResult: false },
    response: draw("A red lighthouse on a rock."),
  },
  { match: { userMessage: "A red lighthouse on a rock." }, response: picture(onePixel) },
  whenDone("draw the lighthouse", "It is drawn."),
  {
    match: { userMessage: "paint it blue", hasToolResult: false },
    response: (request) => {
      const documentId = JSON.stringify(request).match(/paint it blue ([\w-]{36})/)?.[1] ?? "";
      const input = { documentId, instructions: "The same lighthouse in blue." };
      const call = { name: "updateDocument", arguments: JSON.stringify(input) };
      return { toolCalls: [call], finishReason: "stop" };
    },
  },
  { match: { userMessage: "The same lighthouse in blue." }, response: picture(twoPixels) },
  whenDone("paint it blue", "It is blue."),
  {
    match: { userMessage: "draw the unspeakable", hasToolResult: false },
    response: draw("The unspeakable itself."),
  },
  {
    match: { userMessage: "The unspeakable itself." },
    response: { content: "I would rather not." },
  },
  {
    match: { userMessage: "draw the unspeakable", toolResultContains: "drew nothing" },
    response: { content: "There is no picture." },
  },
  {
    match: { userMessage: "draw the broken one", hasToolResult: false },
    response: draw("Half of a picture."),
  },
  { match: { userMessage: "Half of a picture." }, response: picture(onePixel.slice(0, 64)) },
  {
    match: { userMessage: "draw the broken one", toolResultContains: "damaged or incomplete" },
    response: { content: "It came in half." },
  },
];
