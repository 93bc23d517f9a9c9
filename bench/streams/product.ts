/** The whole product, through its front door, under the local runtime. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Build, buildAll } from "../../scripts/lib/build.ts";
import { findFreePort } from "../../scripts/lib/ports.ts";
import type { WorkerVars } from "../../scripts/lib/settings.ts";
import { type Stack, type StackOptions, startStack } from "../../scripts/lib/stack.ts";
import { removeAtExit } from "./children.ts";
import { openTexts } from "./http.ts";

export interface Product {
  readonly stack: Stack;
  stop(): Promise<void>;
}

let build: Promise<Build> | undefined;

/** Builds the product once, for all instances. */
export function buildProduct(): Promise<Build> {
  build ??= buildAll(removeAtExit(mkdtempSync(join(tmpdir(), "bench-build-"))));
  return build;
}

/**
 * @param vars settings of the worker: the demo model's pace, or another provider's address
 * @param more options of the stack
 */
export async function startProduct(
  vars: WorkerVars,
  more: Partial<StackOptions> = {},
): Promise<Product> {
  const stateDir = removeAtExit(mkdtempSync(join(tmpdir(), "bench-product-")));
  const stack = await startStack({
    port: await findFreePort(),
    stateDir,
    build: await buildProduct(),
    vars,
    withoutRateLimits: true,
    ...more,
  });
  return {
    stack,
    async stop() {
      await stack.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/**
 * Signs up a new user.
 * @returns the session cookie
 */
export async function signUp(url: string): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`;
  const response = await call(url, "auth.signUp", { email, password: "correct horse" });
  const [cookie = ""] = response.headers.getSetCookie();
  return cookie.split(";")[0] ?? "";
}

/** A session's cookie, as a browser's context takes it. @param cookie as `signUp` returns it */
export function browserCookie(cookie: string, url: string) {
  const [name = "", value = ""] = cookie.split("=");
  return { name, value, url };
}

export interface Turn {
  readonly chatId: string;
  readonly streamId: string;
}

/** Sends a question into a new chat. */
export async function ask(url: string, cookie: string, text: string): Promise<Turn> {
  const message = { id: crypto.randomUUID(), parts: [{ type: "text", text }] };
  const input = { chatId: crypto.randomUUID(), message };
  const response = await call(url, "messages.send", input, cookie);
  const { result } = (await response.json()) as { result: { data: Turn } };
  return result.data;
}

export interface AnswerRead {
  readonly text: string;
  readonly chunkCount: number;
  /** The last event's id. */
  readonly lastEventId: string;
  /** The status in the terminal chunk; undefined when there was none. */
  readonly status: string | undefined;
}

interface Chunk {
  readonly type: string;
  readonly delta?: string;
  readonly messageMetadata?: { readonly status?: string };
}

/**
 * Reads an answer to its end, or until the connection breaks.
 *
 * @param onProgress called with the chunks so far and `performance.now()` of the latest
 */
export async function readAnswer(
  url: string,
  cookie: string,
  position: Turn & { readonly lastEventId?: string },
  onProgress?: (read: AnswerRead, now: number) => void,
): Promise<AnswerRead> {
  const input = encodeURIComponent(JSON.stringify(position));
  const address = `${url.replace("localhost", "127.0.0.1")}/trpc/messages.stream?input=${input}`;
  const { texts } = await openTexts(address, { headers: { cookie } });
  const read = {
    text: "",
    chunkCount: 0,
    lastEventId: "",
    status: undefined as string | undefined,
  };
  try {
    for await (const events of texts) {
      const now = performance.now();
      for (const event of events.split("\n\n")) applyEvent(read, event);
      onProgress?.(read, now);
    }
  } catch {
    // The connection broke. The reader keeps the numbers so far.
  }
  return read;
}

function applyEvent(read: { -readonly [key in keyof AnswerRead]: AnswerRead[key] }, event: string) {
  const id = /^id: (.+)$/m.exec(event)?.[1];
  const data = /^data: (.+)$/m.exec(event)?.[1];
  if (!id || !data) return;
  read.lastEventId = id;
  for (const chunk of JSON.parse(data) as Chunk[]) {
    read.chunkCount += 1;
    if (chunk.type === "text-delta") read.text += chunk.delta ?? "";
    if (chunk.type === "finish") read.status = chunk.messageMetadata?.status;
  }
}

async function call(url: string, path: string, input: unknown, cookie = ""): Promise<Response> {
  const response = await fetch(`${url}/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, cookie },
    body: JSON.stringify(input),
  });
  if (!response.ok)
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response;
}

/** @throws when a text is not "1 2 3 …" up to a number */
export function checkCount(text: string, last: number): void {
  const numbers = (text.match(/\d+/g) ?? []).map(Number);
  const wrong = numbers.findIndex((number, index) => number !== index + 1);
  if (wrong !== -1 || numbers.length !== last) {
    throw new Error(`A reader got ${numbers.length} of ${last} numbers, wrong from ${wrong} on.`);
  }
}
