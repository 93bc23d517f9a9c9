import { expect } from "vitest";
import type { ErrorData } from "../src/contracts/errors.ts";
import { appRouter } from "../src/router.ts";
import type { TestClient } from "./client.ts";
import { openSubscription, StreamFailure } from "./stream.ts";

export type Outcome = "ok" | ErrorData["errorCode"];

/** All procedures of the API, by path. */
export const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: "query" | "mutation" | "subscription" } }
>;

/** What a caller learns from a call. */
export interface CallResult {
  readonly outcome: Outcome;
  /**
   * Everything that the caller learns from a refusal. Other tests check the content of successes.
   */
  readonly error?: { message: string; data: Omit<ErrorData, "requestId"> };
}

/** Calls a procedure over HTTP, as a browser does, and reads what it starts to its end. */
export function call(client: TestClient, path: string, input: unknown): Promise<CallResult> {
  return procedures[path]?._def.type === "subscription"
    ? subscribe(client, path, input)
    : request(client, path, input);
}

async function subscribe(client: TestClient, path: string, input: unknown): Promise<CallResult> {
  try {
    const stream = await openSubscription(client, path, input);
    if (path === "chats.watch") {
      // This subscription never ends by itself.
      await stream.next();
      await stream.cancel();
      return { outcome: "ok" };
    }
    await stream.rest();
    expect(stream.endedBy).toBe("return");
    return { outcome: "ok" };
  } catch (error) {
    if (error instanceof StreamFailure) return refusal(error.message, error.data);
    throw error;
  }
}

async function request(client: TestClient, path: string, input: unknown): Promise<CallResult> {
  const isQuery = procedures[path]?._def.type === "query";
  if (input instanceof FormData) {
    const response = await client.fetch(`/trpc/${path}`, { method: "POST", body: input });
    return resultOf(response);
  }
  const body = input === undefined ? "" : JSON.stringify(input);
  const query = isQuery && body ? `?input=${encodeURIComponent(body)}` : "";
  const response = await client.fetch(`/trpc/${path}${query}`, {
    method: isQuery ? "GET" : "POST",
    ...(!isQuery && { body, headers: { "content-type": "application/json" } }),
  });
  const result = await resultOf(response);
  // Reads an answer to its end if the call started one.
  const isStarted = result.outcome === "ok" && path === "messages.send";
  if (isStarted)
    await subscribe(client, "messages.stream", { chatId: (input as { chatId: string }).chatId });
  return result;
}

async function resultOf(response: Response): Promise<CallResult> {
  const { error } = await response.json<{ error?: { message: string; data: ErrorData } }>();
  if (!error) return { outcome: "ok" };
  expect(response.status).toBe(error.data.httpStatus);
  return refusal(error.message, error.data);
}

function refusal(message: string, { requestId: _, ...data }: ErrorData): CallResult {
  return { outcome: data.errorCode, error: { message, data } };
}
