/**
 * Measures how much of the worker's memory a large upload and a large download take. The debugger
 * is asked every few milliseconds, before and during the transfer, for the heap and the buffers of
 * the worker's own isolate. Each run uses a fresh worker, so that no earlier garbage is collected
 * meanwhile. Garbage counts until it is collected, so the worker needs no more than the result. The
 * local stand-in for R2 runs in other isolates of the process and does not count.
 *
 *   node bench/uploads/memory.ts
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { startWorker } from "../../scripts/lib/worker.ts";
import { Inspector } from "../lib/inspector.ts";

const mebibyte = 1024 * 1024;
const fileBytes = 20 * mebibyte;
const sampleEveryMs = 3;
const runs = 5;

/** Runs `work` and measures the most bytes by which the isolate grew meanwhile. */
async function growth(inspector: Inspector, work: () => Promise<void>): Promise<number> {
  const before = await inspector.used();
  let peak = before;
  let isDone = false;
  const sampling = (async () => {
    while (!isDone) {
      peak = Math.max(peak, await inspector.used());
      await new Promise((resolve) => setTimeout(resolve, sampleEveryMs));
    }
  })();
  await work();
  isDone = true;
  await sampling;
  return peak - before;
}

/** A text that no earlier run used, so that its content is stored again. */
function largeText(): Uint8Array {
  const line = `Line of ${crypto.randomUUID()} and ${crypto.randomUUID()}\n`;
  return new TextEncoder()
    .encode(line.repeat(Math.ceil(fileBytes / line.length)))
    .subarray(0, fileBytes);
}

async function signUp(origin: string): Promise<string> {
  const response = await fetch(`${origin}/trpc/auth.signUp`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: JSON.stringify({
      email: `${crypto.randomUUID()}@example.com`,
      password: "correct horse battery",
    }),
  });
  return (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

async function upload(origin: string, cookie: string, bytes: Uint8Array): Promise<string> {
  const form = new FormData();
  form.append("file", new File([bytes as Uint8Array<ArrayBuffer>], "large.txt"));
  const response = await fetch(`${origin}/trpc/uploads.create`, {
    method: "POST",
    headers: { origin, cookie },
    body: form,
  });
  const { result, error } = await response.json();
  if (error) throw new Error(error.message);
  return result.data.id;
}

async function download(origin: string, cookie: string, id: string): Promise<void> {
  const response = await fetch(`${origin}/files/${id}`, { headers: { cookie } });
  let length = 0;
  for await (const chunk of response.body ?? []) length += chunk.length;
  if (length !== fileBytes) throw new Error(`Only ${length} bytes came.`);
}

const stateDir = mkdtempSync(join(tmpdir(), "bench-uploads-"));

/** Starts a fresh worker. */
async function withFreshWorker(
  measure: (origin: string, inspector: Inspector) => Promise<number>,
): Promise<number> {
  const inspectorPort = await findFreePort();
  const port = await findFreePort();
  const worker = await startWorker({ port, stateDir, inspectorPort });
  try {
    const [inspector] = await Inspector.openAll(inspectorPort);
    if (!inspector) throw new Error("The worker has no debugger.");
    const grown = await measure(worker.url, inspector);
    inspector.close();
    return grown;
  } finally {
    await worker.stop();
  }
}

const mb = (bytes: number) => (bytes / 1_000_000).toFixed(1);

try {
  console.log("| run | upload of 20 MiB: MB more | download of 20 MiB: MB more |");
  console.log("|---|---|---|");
  for (let run = 1; run <= runs; run += 1) {
    let [cookie, id] = ["", ""];
    const bytes = largeText();
    const up = await withFreshWorker(async (origin, inspector) => {
      cookie = await signUp(origin);
      return growth(inspector, async () => {
        id = await upload(origin, cookie, bytes);
      });
    });
    const down = await withFreshWorker((origin, inspector) =>
      growth(inspector, () => download(origin, cookie, id)),
    );
    console.log(`| ${run} | ${mb(up)} | ${mb(down)} |`);
  }
} finally {
  rmSync(stateDir, { recursive: true, force: true });
}
