import type { UploadOutput } from "api-worker/contracts";
import { beforeEach, expect, test, vi } from "vitest";
import { type UploadPort, UploadQueue } from "./upload-queue.ts";

beforeEach(() => {
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = vi.fn();
});

const uploadOf = (name: string, id = name): UploadOutput => ({
  id,
  name,
  mediaType: "text/plain",
  bytes: 3,
  width: null,
  height: null,
  hasThumbnail: false,
  createdAt: 1,
});

/** A worker that responds when the test says so. */
function fakePort(limits = { pictureMaxBytes: 1_000, fileMaxBytes: 2_000 }) {
  const calls: {
    file: File;
    end: PromiseWithResolvers<UploadOutput>;
    progress: (share: number) => void;
  }[] = [];
  const discarded: string[] = [];
  const port: UploadPort = {
    send(file, { onProgress, signal }) {
      const end = Promise.withResolvers<UploadOutput>();
      signal.addEventListener("abort", () => end.reject(new DOMException("gone", "AbortError")));
      calls.push({ file, end, progress: onProgress });
      return end.promise;
    },
    discard: async (id) => void discarded.push(id),
    limits: async () => limits,
  };
  return { port, calls, discarded };
}

const file = (name: string, size = 3, type = "text/plain") =>
  new File([new Uint8Array(size)], name, { type });
const settle = () => new Promise((resolve) => setTimeout(resolve));
const states = (queue: UploadQueue) => queue.files.map(({ name, state }) => `${name} ${state}`);

test("three files upload at once, and the next starts when one has ended", async () => {
  const { port, calls } = fakePort();
  const queue = new UploadQueue(port);
  queue.add(["a", "b", "c", "d"].map((name) => file(name)));
  await settle();
  expect(states(queue)).toEqual(["a uploading", "b uploading", "c uploading", "d waiting"]);
  calls[1]?.end.resolve(uploadOf("b"));
  await settle();
  expect(states(queue)).toEqual(["a uploading", "b ready", "c uploading", "d uploading"]);
  calls[0]?.progress(0.5);
  expect(queue.files[0]?.progress).toBe(0.5);
});

test("uploads are returned in the order in which the files were added", async () => {
  const { port, calls } = fakePort();
  const queue = new UploadQueue(port);
  queue.add([file("a"), file("b")]);
  await settle();
  calls[1]?.end.resolve(uploadOf("b"));
  calls[0]?.end.resolve(uploadOf("a"));
  await settle();
  expect(queue.take().map(({ id }) => id)).toEqual(["a", "b"]);
  expect(queue.files).toEqual([]);
});

test("removing a file cancels its upload, and deletes a completed one", async () => {
  const { port, calls, discarded } = fakePort();
  const queue = new UploadQueue(port);
  queue.add([file("a"), file("b")]);
  await settle();
  calls[0]?.end.resolve(uploadOf("a"));
  await settle();
  for (const { key } of queue.files) queue.remove(key);
  await settle();
  expect([queue.files, discarded]).toEqual([[], ["a"]]);
  // The upload completed after all.
  calls[1]?.end.resolve(uploadOf("b"));
  await settle();
  expect(queue.files).toEqual([]);
});

test("a duplicate is left out and reported, and the upload is not deleted", async () => {
  const { port, calls, discarded } = fakePort();
  const queue = new UploadQueue(port);
  const told: string[] = [];
  queue.watchTwins((name, twin) => told.push(`${name} is ${twin}`));
  queue.add([file("a"), file("b"), file("c")]);
  await settle();
  calls[0]?.end.resolve(uploadOf("a", "same"));
  await settle();
  calls[1]?.end.resolve(uploadOf("b", "same"));
  queue.remove(queue.files[2]?.key ?? "");
  calls[2]?.end.resolve(uploadOf("c", "same"));
  await settle();
  expect([states(queue), told, discarded]).toEqual([["a ready"], ["b is a"], []]);
});

test("an upload can be retried after a lost connection, but not after a refusal", async () => {
  const { port, calls } = fakePort();
  const queue = new UploadQueue(port);
  queue.add([file("a"), file("b")]);
  await settle();
  calls[0]?.end.reject(new TypeError("gone"));
  const refusal = { data: { errorCode: "INVALID", httpStatus: 400, requestId: "1" } };
  calls[1]?.end.reject(Object.assign(new Error("Web pages are not taken."), refusal));
  await settle();
  expect(queue.files.map(({ canRetry, problem }) => [canRetry, problem])).toEqual([
    [true, expect.stringMatching(/Can’t reach/)],
    [false, "Web pages are not taken."],
  ]);
  queue.retry(queue.files[0]?.key ?? "");
  await settle();
  calls[2]?.end.resolve(uploadOf("a"));
  await settle();
  expect(states(queue)).toEqual(["a ready", "b failed"]);
});

test("files that are too large or empty are not sent", async () => {
  const { port, calls } = fakePort();
  const queue = new UploadQueue(port);
  queue.add([file("a", 2_001), file("b.png", 1_001, "image/png"), file("c", 0)]);
  await settle();
  expect(queue.files.map(({ problem }) => problem)).toEqual([
    "A file can be up to 2 KB.",
    "An image can be up to 1000 bytes.",
    "This file is empty.",
  ]);
  expect(calls).toEqual([]);
});

test("a message has at most ten files, including those restored after a reload", async () => {
  const { port } = fakePort();
  const queue = new UploadQueue(port);
  queue.restore([uploadOf("old")]);
  queue.restore([uploadOf("old")]);
  expect(queue.files).toHaveLength(1);
  expect(queue.add(Array.from({ length: 12 }, (_, index) => file(`${index}`)))).toBe(3);
  expect(queue.files).toHaveLength(10);
});
