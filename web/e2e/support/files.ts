import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import type { Locator, Page } from "playwright-core";

/** A file on the user's machine. */
export interface LocalFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

/**
 * A picture that browsers can show: a colour gradient that depends on the name.
 *
 * @param isNoisy makes the file large, with noise that cannot be compressed
 */
export function png(name: string, width = 64, height = 48, isNoisy = false): LocalFile {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2, 0, 0, 0], 8);
  const seed = createHash("sha256").update(name).digest();
  let noise = seed.readUInt32BE(0);
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
      const grain = isNoisy ? noise >>> 24 : 0;
      rows[at] = (seed[1] ?? 0) / 2 + (x / width) * 120 + grain;
      rows[at + 1] = (seed[2] ?? 0) / 2 + (y / height) * 120 + grain;
      rows[at + 2] = (seed[3] ?? 0) / 2 + 60;
    }
  }
  const head = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const buffer = Buffer.concat([
    head,
    chunk("IHDR", size),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return { name, mimeType: "image/png", buffer };
}

export function text(name: string, content: string): LocalFile {
  return { name, mimeType: "text/plain", buffer: Buffer.from(content) };
}

/** Chooses files through the button. */
export async function choose(page: Page, files: readonly LocalFile[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  await (await chooser).setFiles([...files]);
}

/** The files in the composer, or those in one state. */
export function draftFiles(page: Page, state?: "ready" | "uploading" | "failed"): Locator {
  const list = page.getByRole("list", { name: "Attached files" });
  return state ? list.locator(`li[data-state="${state}"]`) : list.getByRole("listitem");
}

/** Waits until this many files are uploaded, and no other file is listed. */
export async function waitForReady(page: Page, count: number): Promise<void> {
  await draftFiles(page, "ready")
    .nth(count - 1)
    .waitFor();
  await draftFiles(page).nth(count).waitFor({ state: "detached" });
}

/**
 * Holds back the page's uploads. One that is cancelled meanwhile stays cancelled.
 *
 * @returns a function that lets the uploads continue
 */
export async function holdUploads(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route(/uploads\.create/, async (route) => {
    await held.promise;
    await route.continue().catch(() => undefined);
  });
  return held.resolve;
}

/** Drags files over a part of the page, drops them there, or pastes them. */
export async function give(
  target: Locator,
  way: "drag" | "drop" | "paste",
  files: readonly LocalFile[],
): Promise<void> {
  const plain = files.map(({ name, mimeType, buffer }) => ({
    name,
    mimeType,
    base64: buffer.toString("base64"),
  }));
  const transfer = await target.page().evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, mimeType, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: mimeType }));
    }
    return data;
  }, plain);
  if (way === "paste") {
    await target.evaluate((element, clipboardData) => {
      const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
      element.dispatchEvent(event);
    }, transfer);
    return;
  }
  await target.dispatchEvent("dragenter", { dataTransfer: transfer });
  await target.dispatchEvent("dragover", { dataTransfer: transfer });
  if (way === "drop") await target.dispatchEvent("drop", { dataTransfer: transfer });
}
