import { inject } from "vitest";

// The suite does not know tokens, so requests to the worker without a token get ours.
const { fetch: send } = globalThis;
const workerUrl = inject("workerUrl");

globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  if (request.url.startsWith(workerUrl) && !request.headers.has("authorization")) {
    request.headers.set("authorization", `Bearer ${inject("token")}`);
  }
  return send(request);
};
