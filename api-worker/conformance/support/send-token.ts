import { inject } from "vitest";

// The suite knows nothing of tokens: every request to the worker that has none gets ours.
const { fetch: send } = globalThis;
const workerUrl = inject("workerUrl");

globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  if (request.url.startsWith(workerUrl) && !request.headers.has("authorization")) {
    request.headers.set("authorization", `Bearer ${inject("token")}`);
  }
  return send(request);
};
