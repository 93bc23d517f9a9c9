import { setTimeout as sleep } from "node:timers/promises";
import { ImportFailure } from "../failure.ts";
import { D1Error } from "./d1-error.ts";
import { type PaceClock, RequestPace } from "./request-pace.ts";

export interface ApiOptions {
  readonly accountId: string;
  readonly token: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** Bounds each attempt. */
  readonly timeoutMs?: number;
  readonly clock?: PaceClock;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the account. */
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly mediaType?: string;
  /** What is missing when the API does not find it. */
  readonly subject: string;
  /** Whether a missing object is an answer. */
  readonly mayBeMissing?: boolean;
}

/** A query may take 30 seconds, a file of 90 MB longer. */
const timeoutMs = 120_000;
/** Attempts that fail one after another, the last of which counts. */
const attemptsMax = 9;
const firstDelayMs = 500;
const longestDelayMs = 60_000;
/** How long the API refuses a token that sent too much. */
const refusedMs = 300_000;
const requestsPerWindow = 1_100;

const systemClock: PaceClock = { now: () => performance.now(), sleep: (ms) => sleep(ms) };

/**
 * Asks Cloudflare's API, again and again while the failure is one that passes: too many requests, an
 * error of the server, a connection that breaks, no answer in time. Whatever is asked must be safe to
 * be done twice, because a broken connection does not tell whether it was done.
 */
export class CloudflareApi {
  readonly #options: ApiOptions;
  readonly #clock: PaceClock;
  readonly #pace: RequestPace;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pace = new RequestPace(this.#clock, requestsPerWindow, refusedMs);
  }

  /**
   * @param read reads the answer of a request that succeeded; what it throws passes, except a D1Error
   * @returns what `read` returns; null when the object is missing and may be
   * @throws {ImportFailure} when the token may not do this, or the subject does not exist
   * @throws {D1Error} when D1 refuses a statement
   * @throws Error when it fails for longer than a few minutes
   */
  async request<Answer>(request: ApiRequest, read: Read<Answer>): Promise<Answer | null> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#pace.take();
      const outcome = await this.#attempt(request, read);
      if (outcome.kind === "answer") return outcome.answer;
      if (outcome.kind === "failure") throw outcome.error;
      if (attempt >= attemptsMax) {
        throw new Error(
          `Cloudflare’s API fails at ${request.subject}, ${attempt} times in a row: ${outcome.reason}`,
        );
      }
      await this.#clock.sleep(outcome.delayMs ?? delayOf(attempt));
    }
  }

  async #attempt<Answer>(request: ApiRequest, read: Read<Answer>): Promise<Outcome<Answer>> {
    try {
      const response = await this.#send(request);
      if (response.ok) return { kind: "answer", answer: await read(response) };
      return outcomeOf(response, await response.text(), request, this.#options.accountId);
    } catch (error) {
      const reason = reasonOf(error);
      if (error instanceof D1Error && !passing.test(reason)) return { kind: "failure", error };
      return { kind: "again", reason };
    }
  }

  #send({ method, path, body, mediaType }: ApiRequest): Promise<Response> {
    const { apiUrl, accountId, token } = this.#options;
    return fetch(`${apiUrl}/accounts/${accountId}${path}`, {
      method,
      redirect: "error",
      headers: {
        authorization: `Bearer ${token}`,
        ...(mediaType !== undefined && { "content-type": mediaType }),
      },
      ...(body !== undefined && { body: body as BodyInit }),
      signal: AbortSignal.timeout(this.#options.timeoutMs ?? timeoutMs),
    });
  }
}

export type Read<Answer> = (response: Response) => Promise<Answer>;

type Outcome<Answer> =
  | { readonly kind: "answer"; readonly answer: Answer | null }
  | { readonly kind: "failure"; readonly error: Error }
  | { readonly kind: "again"; readonly reason: string; readonly delayMs?: number };

/** Twice as long each time, with a part that is random so that programs do not meet again. */
function delayOf(attempt: number): number {
  const longest = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return longest * (0.5 + Math.random() / 2);
}

/** fetch says the true reason in the cause of its error. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** D1 says so when it restarts, moves or has too much to do. @see debug-d1 in D1's documentation */
const passing =
  /Network connection lost|object to be reset|code was updated|transient issue|client disconnected|is overloaded|memory limit and was reset/i;

/** Codes of the API for a token that it does not know, or that is malformed. */
const tokenCodes: ReadonlySet<number> = new Set([6003, 6111, 9106, 9109, 10000, 10001]);
const missingBucketCode = 10006;

interface ApiError {
  readonly code?: number;
  readonly message?: string;
}

function outcomeOf(
  response: Response,
  text: string,
  request: ApiRequest,
  accountId: string,
): Outcome<never> {
  const { status } = response;
  const errors = readErrors(text);
  const reason = errors.map(({ message }) => message).join(" ") || `status ${status}`;
  const isToken = errors.some(({ code }) => tokenCodes.has(code ?? 0));
  if (status === 429) {
    const seconds = Number(response.headers.get("retry-after"));
    return { kind: "again", reason, delayMs: seconds > 0 ? seconds * 1_000 : refusedMs };
  }
  if (status === 401 || status === 403 || (status === 400 && isToken)) {
    return {
      kind: "failure",
      error: new ImportFailure(permissionText(reason, request, accountId)),
    };
  }
  if (status >= 500 || status === 408 || passing.test(reason)) return { kind: "again", reason };
  if (status === 404) {
    const isBucket = errors.some(({ code }) => code === missingBucketCode);
    if (request.mayBeMissing && !isBucket) return { kind: "answer", answer: null };
    const sentence = `The account ${accountId} has no ${request.subject} (${reason}). Run setup:cloudflare, which finds the ids of the account anew.`;
    return { kind: "failure", error: new ImportFailure(sentence) };
  }
  return { kind: "failure", error: new D1Error(reason) };
}

function permissionText(reason: string, { subject }: ApiRequest, accountId: string): string {
  return `Cloudflare’s API refuses the token for ${subject} (${reason}). The token needs the permissions “D1: Edit” and “Workers R2 Storage: Edit” for the account ${accountId}.`;
}

function readErrors(text: string): readonly ApiError[] {
  try {
    const { errors } = JSON.parse(text) as { errors?: readonly ApiError[] };
    return Array.isArray(errors) ? errors : [];
  } catch {
    return [];
  }
}
