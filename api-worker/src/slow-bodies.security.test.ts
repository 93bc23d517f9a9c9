/** A request that is still arriving when its session or token ends does nothing. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Caller, callerFor } from "../test/callers.ts";
import { refusalOf, type TestClient } from "../test/client.ts";
import { type Program, programOf } from "../test/programs.ts";
import { question } from "../test/turns.ts";

beforeEach(() => {
  // Fakes only the clock. Timers must run for I/O to work.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A body of which the second half arrives when the test lets it. */
function slowBody(text: string) {
  const bytes = new TextEncoder().encode(text);
  const half = Math.floor(bytes.length / 2);
  const [reached, passed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isFirst = true;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (isFirst) {
          isFirst = false;
          controller.enqueue(bytes.subarray(0, half));
          return;
        }
        // The worker has read the first half, so it has identified the viewer.
        reached.resolve();
        await passed.promise;
        controller.enqueue(bytes.subarray(half));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { body, reached: reached.promise, pass: () => passed.resolve() };
}

interface Sender {
  readonly owner: Caller;
  readonly program: Program;
}

interface Request {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  /** How much is stored. */
  readonly count: (sender: Sender) => Promise<number | null>;
}

const rowsIn = (table: string) => (sender: Sender) =>
  env.CONTENT_0.prepare(`SELECT count(*) AS n FROM ${table} WHERE userId = ?`)
    .bind(sender.owner.user.id)
    .first<number>("n");

const form = [
  "--x",
  'content-disposition: form-data; name="file"; filename="a.txt"',
  "content-type: text/plain",
  "",
  "words".repeat(100),
  "--x--",
  "",
].join("\r\n");

const requests: Readonly<Record<string, Request>> = {
  "a message": {
    path: "/trpc/messages.send",
    contentType: "application/json",
    body: JSON.stringify(question("count to 3")),
    count: rowsIn("messages"),
  },
  "an upload": {
    path: "/trpc/uploads.create",
    contentType: "multipart/form-data; boundary=x",
    body: form,
    count: rowsIn("uploads"),
  },
  "an append to a stream": {
    path: "/v1/stream/there",
    contentType: "text/plain",
    body: "more and more",
    count: async ({ owner }) =>
      Number(
        (await owner.fetch("/v1/stream/there", { method: "HEAD" })).headers.get(
          "stream-next-offset",
        ),
      ),
  },
};

async function sendSlowly(client: TestClient, request: Request, meanwhile: () => Promise<unknown>) {
  const slow = slowBody(request.body);
  const responding = client.fetch(request.path, {
    method: "POST",
    headers: { "content-type": request.contentType },
    body: slow.body,
  });
  await slow.reached;
  await meanwhile();
  vi.setSystemTime(Date.now() + 1_000);
  slow.pass();
  return responding;
}

async function setUp() {
  const owner = await callerFor("owner");
  const program = await programOf(owner, ["chats:write", "streams"]);
  const headers = { "content-type": "text/plain" };
  await program.fetch("/v1/stream/there", { method: "PUT", headers, body: "x" });
  return { owner, program };
}

test.each(Object.keys(requests))(
  "%s of a token that ends while it arrives is refused",
  async (what) => {
    const request = requests[what];
    if (!request) throw new Error("There is no such request.");
    const sender = await setUp();
    const before = await request.count(sender);
    const { tokenId } = sender.program;
    const response = await sendSlowly(sender.program, request, () =>
      sender.owner.api.account.tokens.revoke.mutate({ tokenId }),
    );
    expect(await refusalOf(response)).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(await request.count(sender)).toBe(before);
  },
);

test.each(["a message", "an upload"])(
  "%s of a session that ends while it arrives is refused",
  async (what) => {
    const request = requests[what];
    if (!request) throw new Error("There is no such request.");
    const sender = await setUp();
    const response = await sendSlowly(sender.owner, request, () =>
      sender.owner.api.auth.logOut.mutate(),
    );
    expect(await refusalOf(response)).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(await request.count(sender)).toBe(0);
  },
);

test.each(Object.keys(requests))(
  "%s that arrives slowly is taken from a token that is good",
  async (what) => {
    const request = requests[what];
    if (!request) throw new Error("There is no such request.");
    const sender = await setUp();
    const before = (await request.count(sender)) ?? 0;
    const response = await sendSlowly(sender.program, request, async () => undefined);
    expect(response.ok).toBe(true);
    expect(await request.count(sender)).toBeGreaterThan(before);
  },
);
