import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { FileOutcome, FileReference, Target } from "../model.ts";
import { type BlobServer, startBlobServer } from "../test/blob-server.ts";
import { emptyTarget } from "../test/each-target.ts";
import { chatGroup, groupOf, idOf, inTurn, rowsOf } from "../test/groups.ts";
import { openTestTarget, type TestTarget } from "../test/local-target.ts";
import { prepareTarget } from "../write/ledger.ts";
import { writeGroups } from "../write/write-groups.ts";
import { FileCopier, type FileCopierOptions } from "./file-copier.ts";

const userId = idOf("user", 1);
const chatId = idOf("chat", 1);

/** One white pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==",
  "base64",
);
const text = Buffer.from("tea before noon ☕\n");

let opened: TestTarget;
let target: Target;
let blob: BlobServer;
const pauses: number[] = [];

beforeAll(async () => {
  [opened, blob] = await Promise.all([openTestTarget(), startBlobServer()]);
  target = opened.target;
});
afterAll(() => Promise.all([opened.close(), blob.close()]));
beforeEach(async () => {
  await emptyTarget(target);
  await prepareTarget(target);
  blob.files.clear();
  blob.requests.length = 0;
  pauses.length = 0;
  blob.faultOf = () => undefined;
  blob.beforeAnswer = async () => {};
});

const copierOf = (changes: Partial<FileCopierOptions> = {}) =>
  new FileCopier({
    target,
    mode: "copy",
    hosts: [blob.host],
    pause: async (ms) => pauses.push(ms),
    ...changes,
  });

const referenceTo = (path: string, changes: Partial<FileReference> = {}): FileReference => ({
  ...{ url: path.startsWith("/") ? blob.urlOf(path) : path, userId, chatId, name: "" },
  ...{ mediaType: null, createdAt: 5 },
  ...changes,
});

async function copy(reference: FileReference, changes?: Partial<FileCopierOptions>) {
  const outcomes = await copierOf(changes).copy([reference]);
  return outcomes.get(reference.url) as FileOutcome;
}

/** Writes the rows of stored files, as the conversion does. */
async function writeRows(...outcomes: readonly FileOutcome[]): Promise<void> {
  const rows = outcomes.flatMap((outcome) => (outcome.state === "stored" ? [outcome.upload] : []));
  await writeGroups(
    target,
    inTurn([
      chatGroup({ n: 1, messages: [] }),
      groupOf("document", "d", [rowsOf("uploads", ...rows)]),
    ]),
  );
}

test("a picture is stored as it is, with what it is", async () => {
  blob.files.set("/kitten-x1.png", { bytes: png, modifiedAt: 86_400_000 });
  const outcome = await copy(referenceTo("/kitten-x1.png"));
  expect(outcome).toMatchObject({
    ...{ state: "stored", mediaType: "image/png", name: "kitten-x1.png" },
    upload: {
      ...{ userId, chatId, bytes: png.length, width: 1, height: 1, state: "ready", createdAt: 5 },
      sha256: createHash("sha256").update(png).digest("hex"),
    },
  });
  if (outcome.state !== "stored") return;
  expect(await target.files.get(`uploads/${outcome.uploadId}`)).toEqual(new Uint8Array(png));
  const { createdAt: _, ...reference } = referenceTo("/kitten-x1.png");
  expect(await copy(reference)).toMatchObject({ upload: { createdAt: 86_400_000 } });
});

test.each([
  ["a picture with another extension", png, "photo.jpg", "image/png", "photo.jpg.png"],
  ["a text", text, "notes.md", "text/markdown", "notes.md"],
  ["a file without a name", text, "", "text/plain", "x"],
])("%s is recognised by its bytes", async (_, bytes, name, mediaType, stored) => {
  blob.files.set("/x", { bytes });
  expect(await copy(referenceTo("/x", { name }))).toMatchObject({
    mediaType,
    name: stored,
  });
});

test.each([
  ["an empty file", Buffer.from(""), /empty/],
  ["a web page", Buffer.from("<!doctype html><p>x"), /Web pages/],
  ["half a picture", png.subarray(0, 50), /damaged/],
  ["text that is not UTF-8", Buffer.from([0x61, 0xe9, 0x62]), /UTF-8/],
])("%s is missing, with the reason", async (_, bytes, reason) => {
  blob.files.set("/x", { bytes });
  expect(await copy(referenceTo("/x"))).toEqual({
    state: "missing",
    reason: expect.stringMatching(reason),
  });
});

test("a file that the store has no more is missing", async () => {
  expect(await copy(referenceTo("/gone.png"))).toEqual({
    state: "missing",
    reason: "The store does not have it any more.",
  });
});

test.each([
  ["too many requests", { kind: "status", status: 429, headers: { "retry-after": "7" } }, 7_000],
  ["an error", { kind: "status", status: 503 }, 500],
  ["a broken connection", { kind: "cut" }, 500],
  ["half a file", { kind: "cut-within" }, 500],
] as const)("%s is tried again", async (_, fault, pauseMs) => {
  blob.files.set("/a.png", { bytes: png });
  blob.faultOf = (_path, before) => (before === 0 ? fault : undefined);
  expect(await copy(referenceTo("/a.png"))).toMatchObject({ state: "stored" });
  expect(pauses).toEqual([pauseMs]);
});

test("a store that does not answer fails the file after a while, and not the run", async () => {
  blob.files.set("/a.png", { bytes: png });
  blob.faultOf = () => ({ kind: "silence" });
  expect(await copy(referenceTo("/a.png"), { timeoutMs: 50 })).toMatchObject({ state: "failed" });
  expect(blob.requests).toHaveLength(5);
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000]);
});

test("a store that refuses is not asked again", async () => {
  blob.faultOf = () => ({ kind: "status", status: 403 });
  expect(await copy(referenceTo("/a.png"))).toEqual({
    state: "failed",
    reason: "The store answered with the status 403.",
  });
  expect(blob.requests).toHaveLength(1);
});

test("only named hosts are asked, also after a redirect", async () => {
  blob.files.set("/a.png", { bytes: png });
  const left = await copy(referenceTo("/a.png"), { hosts: ["*.example.com"] });
  expect(left).toMatchObject({ state: "left", reason: expect.stringContaining(blob.host) });
  expect(blob.requests).toEqual([]);
  const redirect = (location: string) => () => ({
    ...({ kind: "status", status: 302 } as const),
    headers: { location },
  });
  blob.faultOf = redirect("http://169.254.169.254/secrets");
  expect(await copy(referenceTo("/a.png"))).toMatchObject({
    state: "left",
    reason: expect.stringContaining("169.254.169.254"),
  });
  blob.faultOf = (path) => (path === "/a.png" ? redirect("/b.png")() : undefined);
  blob.files.set("/b.png", { bytes: png });
  expect(await copy(referenceTo("/a.png"))).toMatchObject({ state: "stored" });
  blob.faultOf = redirect("/a.png");
  expect(await copy(referenceTo("/a.png"))).toMatchObject({ state: "failed" });
});

test("what an earlier run has stored is not copied again, unless its object is gone", async () => {
  blob.files.set("/a.png", { bytes: png });
  const outcome = await copy(referenceTo("/a.png"));
  // Cut off before the row was there: the file is copied again.
  await copy(referenceTo("/a.png"));
  expect(blob.requests).toHaveLength(2);
  await writeRows(outcome);
  const { upload } = outcome as Extract<FileOutcome, { state: "stored" }>;
  const later = await copy(referenceTo("/a.png", { createdAt: 9 }));
  expect(later).toEqual({ ...outcome, upload: { ...upload, createdAt: 9 } });
  expect(blob.requests).toHaveLength(2);
  if (outcome.state === "stored") await target.files.delete([`uploads/${outcome.uploadId}`]);
  expect(await copy(referenceTo("/a.png"))).toEqual(outcome);
  expect(blob.requests).toHaveLength(3);
});

test("the same address is a file of each user", async () => {
  blob.files.set("/a.png", { bytes: png });
  const mine = await copy(referenceTo("/a.png"));
  const theirs = await copy(referenceTo("/a.png", { userId: idOf("user", 2) }));
  expect(mine).not.toEqual(theirs);
  await writeRows(mine, theirs);
});

test("files in addresses and files that the conversion made are stored", async () => {
  const data = `data:image/png;base64,${png.toString("base64")}`;
  expect(await copy(referenceTo(data))).toMatchObject({ state: "stored", name: "file.png" });
  expect(await copy(referenceTo("data:text/plain,tea%20%E2%98%95"))).toMatchObject({
    upload: { bytes: 7 },
  });
  expect(await copy(referenceTo("data:image/png;base64,!!"))).toMatchObject({ state: "missing" });
  const made = referenceTo("overflow:message/1/2", {
    ...{ content: "<html> as text", name: "Message.txt", mediaType: "text/plain" },
  });
  for (const mode of ["copy", "link", "skip"] as const) {
    expect(await copy(made, { mode })).toMatchObject({ state: "stored", name: "Message.txt" });
  }
  expect(await copy(referenceTo(data), { mode: "link" })).toMatchObject({ state: "stored" });
});

test("files are left where they are when the operator says so, and in a dry run", async () => {
  for (const changes of [{ mode: "link" }, { mode: "skip" }, { isDryRun: true }] as const) {
    expect(await copy(referenceTo("/a.png"), changes)).toMatchObject({ state: "left" });
  }
  expect(blob.requests).toEqual([]);
});

test("four files are under way at once, of all groups together", async () => {
  let answerAll = () => {};
  const answered = new Promise<void>((resolve) => {
    answerAll = resolve;
  });
  blob.beforeAnswer = async () => {
    if (blob.requests.length === 4) answerAll();
    await answered;
  };
  const copier = copierOf();
  const paths = Array.from({ length: 12 }, (_, index) => `/${index}.png`);
  for (const path of paths) blob.files.set(path, { bytes: png });
  const groups = [paths.slice(0, 6), paths.slice(6)].map((some) =>
    copier.copy(some.map((path) => referenceTo(path))),
  );
  const outcomes = (await Promise.all(groups)).flatMap((group) => [...group.values()]);
  expect(outcomes.every(({ state }) => state === "stored")).toBe(true);
  expect(blob.mostAtOnce).toBe(4);
  expect(copier.totals).toEqual({ stored: 12, found: 0, bytes: 12 * png.length });
});

test("a file that is too large is given up before it is read", async () => {
  blob.files.set("/a.bin", { bytes: Buffer.alloc(91 * 1024 * 1024, "a") });
  expect(await copy(referenceTo("/a.bin"))).toMatchObject({
    state: "missing",
    reason: expect.stringContaining("90 MB"),
  });
});
