/**
 * Asks a question in a new chat, and prints the answer while it is being written.
 *
 *   ALLEATO_TOKEN=alleato_… node examples/ask.ts http://localhost:5173 "count to 10"
 *
 * The token needs the scopes chats:read and chats:write; see docs/api.md.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import type { AppRouter } from "api-worker";

const [site, question] = process.argv.slice(2);
const token = process.env.ALLEATO_TOKEN;
if (!site || !question || !token) {
  console.error('Usage: ALLEATO_TOKEN=… node examples/ask.ts <address> "<question>"');
  process.exit(1);
}

const api = createTRPCClient<AppRouter>({
  links: [
    httpBatchStreamLink({
      url: new URL("/trpc", site),
      headers: { authorization: `Bearer ${token}` },
    }),
  ],
});

// Ids of our own, so that a question that is sent again after a failure is asked once.
const chatId = randomUUID();
const { events } = await api.messages.send.mutate({
  chatId,
  message: { id: randomUUID(), parts: [{ type: "text", text: question }] },
});

let printed = "";
let isFinished = false;
for await (const { chunks } of events ?? []) {
  for (const chunk of chunks) {
    if (chunk.type === "text-delta") print(String(chunk.delta));
    if (chunk.type === "finish") isFinished = true;
  }
}
// The connection can end before the answer does. The answer goes on without it, and is stored.
while (!isFinished) {
  const answer = (await api.messages.list.query({ chatId, limit: 1 })).items.at(-1);
  if (answer && answer.status !== "streaming") {
    const texts = answer.parts.map((part) => (part.type === "text" ? String(part.text) : ""));
    print(texts.join("").slice(printed.length));
    isFinished = true;
  } else await wait(1_000);
}
console.log();

function print(text: string): void {
  process.stdout.write(text);
  printed += text;
}
