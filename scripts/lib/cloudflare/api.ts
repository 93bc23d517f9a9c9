import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { ScriptError } from "../failure.ts";

/** Cloudflare's REST API, as far as the scripts call it themselves. */

/** An answer of the API that is a refusal, with its codes. */
export class ApiRefusal extends ScriptError {
  readonly status: number;
  readonly codes: readonly number[];

  constructor(call: string, status: number, errors: readonly ApiError[]) {
    const reasons = errors.map(({ code, message }) => `${message} [code: ${code}]`);
    super(`Cloudflare refused ${call} (${status}): ${reasons.join("; ") || "without a reason"}`);
    this.status = status;
    this.codes = errors.map(({ code }) => code);
  }
}

export interface CloudflareApi {
  readonly accountId: string;
  /**
   * @param path below the account, such as `/d1/database`
   * @throws {ApiRefusal} when the API refuses; {@link ScriptError} when it cannot be reached, or its
   *   result has another form
   */
  get<Result>(path: string, result: z.ZodType<Result>): Promise<Result>;
  /** The same with a body. Repeated only when it is safe to: see `canRepeat`. */
  post<Result>(
    path: string,
    body: unknown,
    result: z.ZodType<Result>,
    canRepeat?: boolean,
  ): Promise<Result>;
  /**
   * Reads a page of a list.
   *
   * @returns the page, and the cursor of the next one; null when there is none
   */
  getPage<Result>(
    path: string,
    result: z.ZodType<Result>,
  ): Promise<{ readonly result: Result; readonly cursor: string | null }>;
  /**
   * Reads an object of a bucket.
   *
   * @param path of the object, below the account
   * @returns null when there is no such object
   */
  getObject(path: string): Promise<Response | null>;
  /**
   * Writes an object of a bucket, which is replaced.
   *
   * @param headers of its other metadata
   */
  putObject(
    path: string,
    content: Uint8Array<ArrayBuffer>,
    contentType: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Deletes an object of a bucket, if it is there. */
  deleteObject(path: string): Promise<void>;
}

function defaultBaseUrl(): string {
  return process.env.CLOUDFLARE_API_BASE_URL || "https://api.cloudflare.com/client/v4";
}

const accounts = z.array(z.object({ id: z.string(), name: z.string() }));

/** Lists the accounts that a token may work on. @throws {ScriptError} */
export async function listAccounts(token: string): Promise<z.infer<typeof accounts>> {
  const response = await send(`${defaultBaseUrl()}/accounts?per_page=50`, { method: "GET", token });
  if (!response) throw new ScriptError("Cloudflare’s API could not be reached.");
  return await read(response, "GET /accounts", accounts);
}

interface ApiError {
  readonly code: number;
  readonly message: string;
}

const envelope = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })).default([]),
  result: z.unknown(),
  result_info: z
    .object({ cursor: z.string().nullish(), is_truncated: z.boolean().nullish() })
    .nullish(),
});

/** Cloudflare's own waits end at 60 s (504, code 7009). */
const timeoutMs = 90_000;
/** For a file of 100 MB over a slow line. */
const objectTimeoutMs = 600_000;
/** The bucket of an object is not there. */
const noBucket = 10006;
const maxTries = 4;

/**
 * @param token of the API, or of wrangler's login
 * @param baseUrl as wrangler takes it from CLOUDFLARE_API_BASE_URL
 */
export function cloudflareApi({
  token,
  accountId,
  baseUrl = defaultBaseUrl(),
  pauseMs = Number(process.env.CLOUDFLARE_RETRY_MS ?? 1_000),
}: {
  readonly token: string;
  readonly accountId: string;
  readonly baseUrl?: string;
  /** Before the second try; each later pause is twice as long. */
  readonly pauseMs?: number;
}): CloudflareApi {
  async function ask(path: string, request: Omit<Sending, "token">, canRepeat: boolean) {
    const url = `${baseUrl}/accounts/${accountId}${path}`;
    for (let tries = 1; ; tries += 1) {
      const response = await send(url, { ...request, token });
      const isTransient = response === null || response.status === 429 || response.status >= 500;
      if (isTransient && canRepeat && tries < maxTries) {
        await sleep(pauseMs * 2 ** (tries - 1));
        continue;
      }
      if (response) return response;
      throw new ScriptError(`Cloudflare’s API could not be reached (${request.method} ${path}).`);
    }
  }
  return {
    accountId,
    async get(path, result) {
      return await read(await ask(path, { method: "GET" }, true), `GET ${path}`, result);
    },
    async getPage(path, result) {
      const page = await readPage(await ask(path, { method: "GET" }, true), `GET ${path}`, result);
      const { cursor, is_truncated: isTruncated } = page.info ?? {};
      return { result: page.value, cursor: (isTruncated !== false && cursor) || null };
    },
    async post(path, body, result, canRepeat = false) {
      const response = await ask(path, { method: "POST", body: JSON.stringify(body) }, canRepeat);
      return await read(response, `POST ${path}`, result);
    },
    async getObject(path) {
      const response = await ask(path, { method: "GET", timeoutMs: objectTimeoutMs }, true);
      if (response.ok) return response;
      try {
        return await read(response, `GET ${path}`, z.never());
      } catch (error) {
        if (response.status === 404 && !hasCode(error, noBucket)) return null;
        throw error;
      }
    },
    async putObject(path, body, contentType, headers) {
      const content = { body, contentType, ...(headers && { headers }) };
      const sending = { method: "PUT", ...content, timeoutMs: objectTimeoutMs } as const;
      await read(await ask(path, sending, true), `PUT ${path}`, z.unknown());
    },
    async deleteObject(path) {
      const response = await ask(path, { method: "DELETE" }, true);
      if (response.status === 404) await response.body?.cancel();
      else await read(response, `DELETE ${path}`, z.unknown());
    },
  };
}

interface Sending {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly token: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** @returns null when there was no answer */
async function send(
  url: string,
  { method, token, body, contentType = "application/json", headers, ...limits }: Sending,
): Promise<Response | null> {
  try {
    return await fetch(url, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}`, "content-type": contentType },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(limits.timeoutMs ?? timeoutMs),
    });
  } catch {
    return null;
  }
}

async function read<Result>(
  response: Response,
  name: string,
  schema: z.ZodType<Result>,
): Promise<Result> {
  return (await readPage(response, name, schema)).value;
}

async function readPage<Result>(response: Response, name: string, schema: z.ZodType<Result>) {
  const text = await response.text();
  const parsed = envelope.safeParse(parseJson(text));
  if (!parsed.success) {
    const start = text.slice(0, 200);
    throw new ScriptError(`Cloudflare answered ${name} with ${response.status}: ${start}`);
  }
  const { success, errors, result, result_info: info } = parsed.data;
  if (!success || !response.ok) throw new ApiRefusal(name, response.status, errors);
  const value = schema.safeParse(result);
  if (value.success) return { value: value.data, info };
  throw new ScriptError(`Cloudflare’s answer to ${name} has another form than documented.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether an error is a refusal with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly number[]): error is ApiRefusal {
  return error instanceof ApiRefusal && error.codes.some((code) => codes.includes(code));
}
