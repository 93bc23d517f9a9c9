import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { runCron } from "../../../test/cron.ts";
import { type Death, isWorkerDead, type Step, setWorkerDeath } from "../../../test/faults.ts";
import { bytesOf, join, partsWith, traces, upload, uploadForm } from "../../../test/files.ts";
import { takeErrors } from "../../../test/logs.ts";
import { newId } from "../../platform/ids.ts";
import { createLogger } from "../../platform/log.ts";
import { sweepUploads } from "./purge/sweep-uploads.ts";

afterEach(() => setWorkerDeath(undefined));

const twoHoursMs = 2 * 60 * 60_000;

/** Makes a user's uploads two hours older in D1. The age of objects in R2 cannot be changed. */
async function letTimePass({ user }: Caller): Promise<void> {
  await env.CONTENT_0.prepare("UPDATE uploads SET createdAt = createdAt - ? WHERE userId = ?")
    .bind(twoHoursMs, user.id)
    .run();
}

/** Makes a call whose worker dies at a step. The client gets no response. */
async function killedAt(
  at: Death["at"],
  when: "before" | "after",
  call: () => Promise<unknown>,
): Promise<void> {
  setWorkerDeath({ at, isAfter: when === "after" });
  await call().catch(() => undefined);
  expect(isWorkerDead()).toBe(true);
  setWorkerDeath(undefined);
  // Drops errors that a dead worker would not have logged.
  takeErrors();
}

const large = bytesOf("A line of text.\n".repeat(400_000));

/** The form of a large file, as bytes, and its headers. */
async function largeForm() {
  const form = new Response(uploadForm(large, "a.txt"));
  const headers = { "content-type": form.headers.get("content-type") ?? "" };
  return { whole: new Uint8Array(await form.arrayBuffer()), headers };
}

const isInsert = (step: Step, sql: string) => step === "d1" && /insert into "uploads"/i.test(sql);
const isReady = (step: Step, sql: string) =>
  step === "d1" && /update "uploads" set "name"/i.test(sql);
const isPut = (step: Step, detail: string) => step === "r2" && detail === "put";
const isPart = (step: Step, detail: string) => step === "r2" && detail === "uploadPart";
const isComplete = (step: Step, detail: string) => step === "r2" && detail === "complete";

test.each([
  ["before the row", isInsert, "before", "small"],
  ["after the row, before the object", isInsert, "after", "small"],
  ["before the object is written", isPut, "before", "small"],
  ["after the object, before the row says so", isPut, "after", "small"],
  ["before the row says that it is there", isReady, "before", "small"],
  ["before a part of a large one", isPart, "before", "large"],
  ["after a part of a large one", isPart, "after", "large"],
  ["before a large one is put together", isComplete, "before", "large"],
  ["after a large one is put together", isComplete, "after", "large"],
] as const)(
  "an upload whose worker is killed %s leaves nothing behind, and can be made again",
  async (_, wanted, when, size) => {
    const owner = await callerFor("owner");
    const bytes = size === "large" ? large : bytesOf("small");
    await killedAt(wanted, when, () => upload(owner, bytes, "a.txt"));
    const { rows } = await traces(owner);
    expect(rows.every(({ state }) => state === "pending")).toBe(true);
    // Not immediately, because the upload could still be in progress.
    await runCron();
    expect((await traces(owner)).rows).toEqual(rows);
    // A retry need not wait for the sweep.
    const made = await upload(owner, bytes, "a.txt");
    await letTimePass(owner);
    await runCron();
    expect(await traces(owner)).toMatchObject({
      rows: [{ id: made.id, state: "ready" }],
      keys: [`uploads/${made.id}`],
    });
    for (const { id } of rows) expect(await env.FILES.head(`uploads/${id}`)).toBeNull();
    const response = await owner.fetch(`/files/${made.id}`);
    expect((await response.arrayBuffer()).byteLength).toBe(bytes.length);
  },
  60_000,
);

test("killed after the last write, it was uploaded, and a second try finds it", async () => {
  const owner = await callerFor("owner");
  await killedAt(isReady, "after", () => upload(owner, "done", "a.txt"));
  const { rows } = await traces(owner);
  expect(rows).toMatchObject([{ state: "ready" }]);
  expect((await upload(owner, "done", "a.txt")).id).toBe(rows[0]?.id);
});

const isMark = (step: Step, sql: string) =>
  step === "d1" && /update "uploads" set "state"/i.test(sql);
const isR2Delete = (step: Step, detail: string) => step === "r2" && detail === "delete";
const isRowDelete = (step: Step, sql: string) =>
  step === "d1" && /delete from "uploads"/i.test(sql);

test.each([
  ["after the row says so", isMark, "after"],
  ["before the object goes", isR2Delete, "before"],
  ["after the object, before the row", isR2Delete, "after"],
  ["before the row goes", isRowDelete, "before"],
] as const)(
  "a deletion that is killed %s is out of sight at once, and completed later",
  async (_, wanted, when) => {
    const owner = await callerFor("owner");
    const file = await upload(owner, "to go", "a.txt");
    await killedAt(wanted, when, () => owner.api.uploads.delete.mutate({ uploadId: file.id }));
    expect((await owner.fetch(`/files/${file.id}`)).status).toBe(404);
    expect((await owner.api.uploads.list.query({})).items).toEqual([]);
    await runCron();
    expect(await traces(owner)).toEqual({ rows: [], keys: [] });
    expect(await env.FILES.head(`uploads/${file.id}`)).toBeNull();
  },
);

test("a chat that is deleted by a worker that dies takes its files along later", async () => {
  const owner = await callerFor("owner");
  const file = await upload(owner, "of a chat", "a.txt");
  const chatId = newId();
  const message = { id: newId(), parts: partsWith("hello", file) };
  await owner.api.messages.send.mutate({ chatId, message });
  await killedAt(isR2Delete, "before", () => owner.api.chats.delete.mutate({ chatId }));
  expect((await owner.fetch(`/files/${file.id}`)).status).toBe(404);
  await runCron();
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
});

test("where only the answer of the last write is lost, the upload stands", async () => {
  const owner = await callerFor("owner");
  setWorkerDeath({ at: isReady, isAfter: true, isSurvived: true });
  const made = await upload(owner, "whole", "a.txt");
  setWorkerDeath(undefined);
  expect(await traces(owner)).toMatchObject({
    rows: [{ id: made.id, state: "ready" }],
    keys: [`uploads/${made.id}`],
  });
  expect(await (await owner.fetch(`/files/${made.id}`)).text()).toBe("whole");
});

test.each([
  ["the object", isPut, "small"],
  ["a part", isPart, "large"],
  ["what puts the parts together", isComplete, "large"],
  ["what makes it ready", isReady, "small"],
] as const)("where %s is refused, nothing is left behind at once", async (_, at, size) => {
  const owner = await callerFor("owner");
  const steps: string[] = [];
  setWorkerDeath({
    at: (step, detail) => {
      if (step === "r2") steps.push(detail);
      return at(step, detail);
    },
    isAfter: false,
    isSurvived: true,
  });
  await expect(upload(owner, size === "large" ? large : "small", "a.txt")).rejects.toThrow();
  setWorkerDeath(undefined);
  takeErrors();
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
  // Parts are not listed, but they cost money.
  expect(steps.includes("abort")).toBe(size === "large");
});

test("a large file that is refused at its end leaves no parts", async () => {
  const owner = await callerFor("owner");
  const steps: string[] = [];
  setWorkerDeath({
    at: (step, detail) => {
      if (step === "r2") steps.push(detail);
      return false;
    },
    isAfter: false,
  });
  const bytes = join(large, new Uint8Array(1));
  await expect(upload(owner, bytes, "a.txt")).rejects.toThrow(/isn’t UTF-8 text/);
  expect(steps.filter((step) => step !== "uploadPart")).toEqual([
    "createMultipartUpload",
    "abort",
    "delete",
  ]);
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
});

test("an upload that is given up while it goes on does not become ready, and is taken back", async () => {
  const owner = await callerFor("owner");
  const { whole, headers } = await largeForm();
  const goOn = Promise.withResolvers<void>();
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = whole.subarray(at, at + 1024 * 1024);
      at += piece.length;
      // The last piece is held back.
      if (at === whole.length) await goOn.promise;
      if (piece.length > 0) controller.enqueue(piece);
      else controller.close();
    },
  });
  const sending = owner.fetch("/trpc/uploads.create", {
    method: "POST",
    headers,
    body,
  });
  await vi.waitUntil(async () => (await traces(owner)).rows.length > 0, { timeout: 30_000 });
  await letTimePass(owner);
  await runCron();
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
  goOn.resolve();
  const response = await sending;
  expect(response.status).toBe(500);
  await response.text();
  takeErrors();
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
});

const dayMs = 24 * 60 * 60_000;

test("an object that no row knows goes, once it is old enough", async () => {
  const owner = await callerFor("owner");
  const kept = await upload(owner, "kept", "a.txt");
  const lost = newId();
  await env.FILES.put(`uploads/${lost}`, "no upload");
  await env.FILES.put("other/thing", "not of uploads");
  await sweepUploads(env, createLogger(), Date.now() + 6 * dayMs);
  expect(await env.FILES.head(`uploads/${lost}`)).not.toBeNull();
  await sweepUploads(env, createLogger(), Date.now() + 8 * dayMs);
  expect(await env.FILES.head(`uploads/${lost}`)).toBeNull();
  expect(await env.FILES.head("other/thing")).not.toBeNull();
  // A file that was not sent for a week is deleted, and its object with its row.
  expect(await env.FILES.head(`uploads/${kept.id}`)).toBeNull();
});

test("no object is deleted while a content database is unreachable", async () => {
  const owner = await callerFor("owner");
  const file = await upload(owner, "not lost", "a.txt");
  const blind = { ...env, CONTENT_0: undefined } as unknown as Env;
  await sweepUploads(blind, createLogger(), Date.now() + 30 * dayMs);
  expect(await (await owner.fetch(`/files/${file.id}`)).text()).toBe("not lost");
  expect(takeErrors().map(({ event }) => event)).toEqual(["uploads.object_sweep_failed"]);
});

test("what was given and not sent for a week goes; what a message has stays", async () => {
  const owner = await callerFor("owner");
  const drafted = await upload(owner, "drafted", "a.txt");
  const used = await upload(owner, "used", "b.txt");
  const message = { id: newId(), parts: partsWith("hello", used) };
  await owner.api.messages.send.mutate({ chatId: newId(), message });
  await upload(owner, "used", "b.txt");
  await runCron();
  expect((await traces(owner)).rows).toHaveLength(2);
  await env.CONTENT_0.prepare("UPDATE uploads SET draftedAt = 1 WHERE userId = ?")
    .bind(owner.user.id)
    .run();
  await runCron();
  expect((await traces(owner)).rows.map(({ id }) => id)).toEqual([used.id]);
  expect(await env.FILES.head(`uploads/${drafted.id}`)).toBeNull();
});

test("a client that leaves in the middle leaves nothing behind", async () => {
  const owner = await callerFor("owner");
  const { whole, headers } = await largeForm();
  const half = whole.subarray(0, Math.floor(whole.length / 2));
  const response = await owner.fetch("/trpc/uploads.create", {
    method: "POST",
    headers,
    body: half,
  });
  expect(response.status).toBe(400);
  expect(await traces(owner)).toEqual({ rows: [], keys: [] });
});
