import { inject } from "vitest";

// The suite does not know tokens, so every request to the worker without one gets ours.
const { fetch: send } = globalThis;
const workerUrl = inject("workerUrl");

globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  if (request.url.startsWith(workerUrl) && !request.headers.has("authorization")) {
    request.headers.set("authorization", `Bearer ${inject("token")}`);
  }
  return send(request);
};
