import { env } from "cloudflare:workers";
import { createContentDb } from "db";
import { expect, test } from "vitest";
import { callerFor } from "../../../../test/callers.ts";
import { bytesOf, join, pdf, upload } from "../../../../test/files.ts";
import { textKey } from "../object-keys.ts";
import { createFileSource } from "./file-source.ts";

/** A PDF of the maximum size. The filler follows the document's own end. */
const largest = () => {
  const small = pdf("Words of a large document.");
  const room = 20 * 1024 * 1024 - small.length - 8;
  return join(small, new Uint8Array(room).fill(32), bytesOf("\n%%EOF\n"));
};

async function uploaded(bytes: Uint8Array) {
  const owner = await callerFor("owner");
  const { id } = await upload(owner, bytes, "a.pdf");
  const source = createFileSource(env, createContentDb(env.CONTENT_0), owner.user.id);
  const file = (await source.find([id])).get(id);
  if (!file) throw new Error("The upload is not there.");
  return { source, file, key: textKey(id) };
}

test("the text of a PDF is read, as large as it may be, and kept beside it", async () => {
  const { source, file, key } = await uploaded(largest());
  const text = { text: "Words of a large document.", isCut: false };
  expect(await source.text(file, 1_000)).toMatchObject(text);
  expect(await (await env.FILES.get(key))?.json()).toEqual({ ...text, maxLength: 1_000 });
  await env.FILES.delete(`uploads/${file.id}`);
  expect(await source.text(file, 1_000)).toMatchObject(text);
});

test("a PDF that took its reader down twice is not read again", async () => {
  const { source, file, key } = await uploaded(pdf("Words."));
  await env.FILES.put(key, JSON.stringify({ tries: 1 }));
  expect(await source.text(file, 1_000)).toMatchObject({ text: "Words." });
  await env.FILES.put(key, JSON.stringify({ tries: 2 }));
  expect(await source.text(file, 1_000)).toBeNull();
});

test("a PDF that cannot be opened is tried once", async () => {
  const { source, file, key } = await uploaded(bytesOf("%PDF-1.4\nnothing\n%%EOF\n"));
  expect(await source.text(file, 1_000)).toBeNull();
  expect(await (await env.FILES.get(key))?.json()).toEqual({ tries: 2 });
});
