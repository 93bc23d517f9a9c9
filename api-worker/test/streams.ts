import { env } from "cloudflare:workers";
import { newId } from "../src/platform/ids.ts";
import { openStreamObject } from "../src/platform/open-stream-object.ts";
import { callerFor } from "./callers.ts";
import { programOf } from "./programs.ts";

/** A stream of a new user, over HTTP with a token for it. */
export async function newStream(path = newId()) {
  const owner = await callerFor("owner");
  const program = await programOf(owner, ["streams"]);
  const url = `/v1/stream/${path}`;
  const send = (method: string, body?: BodyInit, headers: Record<string, string> = {}) =>
    program.fetch(url, {
      method,
      headers: { "content-type": "text/plain", ...headers },
      ...(body !== undefined && { body }),
    });
  return {
    owner,
    program,
    path,
    url,
    /** A fresh stub each time, because a stub that has seen its object die is useless. */
    stub: () => openStreamObject(env, { userId: owner.user.id, path }),
    put: (body?: BodyInit, headers?: Record<string, string>) => send("PUT", body, headers),
    post: (body?: BodyInit, headers?: Record<string, string>) => send("POST", body, headers),
    get: (query = "", headers: Record<string, string> = {}) =>
      program.fetch(`${url}${query}`, { headers }),
    head: () => program.fetch(url, { method: "HEAD" }),
    remove: () => program.fetch(url, { method: "DELETE" }),
  };
}
