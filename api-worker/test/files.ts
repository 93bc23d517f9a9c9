/** Test files: complete pictures, and ways to upload them. */
import { env } from "cloudflare:workers";
import type { UploadOutput } from "../src/contracts/uploads.ts";

import type { Caller } from "./callers.ts";
import type { TestClient } from "./client.ts";

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export function join(...pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      pieces,
      pieces.reduce((sum, { length }) => sum + length, 0),
    ),
  );
}

const be32 = (value: number) => new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
const le16 = (value: number) => new Uint8Array([value, value >>> 8]);

const crcTable = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** A chunk of a PNG with its length and checksum. */
export function pngChunk(type: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const typed = join(bytesOf(type), data);
  return join(be32(data.length), typed, be32(crc32(typed)));
}

export const pngHead = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export const pngSize = (width: number, height: number): Uint8Array =>
  pngChunk("IHDR", join(be32(width), be32(height), new Uint8Array([8, 0, 0, 0, 0])));

/** A complete PNG. Its data is one grey pixel, whatever its header says. */
export function png(width = 1, height = 1, ...extra: readonly Uint8Array[]): Uint8Array {
  const data = new Uint8Array([0x78, 0x9c, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81]);
  return join(pngHead, pngSize(width, height), ...extra, pngChunk("IDAT", data), pngChunk("IEND"));
}

/** A segment of a JPEG. */
export function jpegSegment(marker: number, data: Uint8Array): Uint8Array {
  return join(new Uint8Array([0xff, marker, (data.length + 2) >>> 8, data.length + 2]), data);
}

/** A JPEG with all its segments but without a decodable picture. */
export function jpeg(width = 1, height = 1, ...extra: readonly Uint8Array[]): Uint8Array {
  const frame = new Uint8Array([8, height >>> 8, height, width >>> 8, width, 1, 1, 0x11, 0]);
  return join(
    new Uint8Array([0xff, 0xd8]),
    jpegSegment(0xe0, join(bytesOf("JFIF\0"), new Uint8Array([1, 1, 0, 0, 1, 0, 1, 0, 0]))),
    ...extra,
    jpegSegment(0xc0, frame),
    jpegSegment(0xda, new Uint8Array([1, 1, 0, 0, 63, 0])),
    new Uint8Array([0x12, 0x34, 0xff, 0x00, 0x56, 0xff, 0xd9]),
  );
}

export function gif(width = 1, height = 1): Uint8Array {
  return join(
    bytesOf("GIF89a"),
    le16(width),
    le16(height),
    new Uint8Array([0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
    new Uint8Array([0x2c, 0, 0, 0, 0]),
    le16(width),
    le16(height),
    new Uint8Array([0, 2, 2, 0x44, 1, 0, 0x3b]),
  );
}

export function webp(width = 1, height = 1): Uint8Array {
  const frame = join(
    new Uint8Array([0x30, 1, 0, 0x9d, 1, 0x2a]),
    le16(width),
    le16(height),
    new Uint8Array([0, 0, 0, 0]),
  );
  const chunk = join(bytesOf("VP8 "), new Uint8Array([frame.length, 0, 0, 0]), frame);
  return join(bytesOf("RIFF"), new Uint8Array([chunk.length + 4, 0, 0, 0]), bytesOf("WEBP"), chunk);
}

/** A PDF of one page with a line of text. */
export function pdf(text = "Hello from a PDF."): Uint8Array {
  const stream = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let body = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  return bytesOf(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
  );
}

interface FormOptions {
  readonly type?: string;
  readonly chatId?: string;
  readonly thumbnail?: Uint8Array;
}

/** The form that a browser sends. */
export function uploadForm(
  bytes: Uint8Array,
  name = "notes.txt",
  { type = "", chatId, thumbnail }: FormOptions = {},
): FormData {
  const form = new FormData();
  if (chatId !== undefined) form.append("chatId", chatId);
  if (thumbnail) {
    form.append("thumbnail", new File([thumbnail], "thumbnail.webp", { type: "image/webp" }));
  }
  // Line breaks and quotes as browsers write them; this runtime does not.
  const escaped = name.replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/"/g, "%22");
  form.append("file", new File([bytes], escaped, { type }));
  return form;
}

/** Uploads a file as the given caller. */
export function upload(
  client: TestClient,
  bytes: Uint8Array | string,
  name?: string,
  options?: FormOptions,
): Promise<UploadOutput> {
  const content = typeof bytes === "string" ? bytesOf(bytes) : bytes;
  return client.api.uploads.create.mutate(uploadForm(content, name, options));
}

/** A message with files, as a browser sends it. */
export function partsWith(
  text: string,
  ...files: readonly Pick<UploadOutput, "id" | "name">[]
): ({ type: "text"; text: string } | { type: "file"; url: string; filename: string })[] {
  const parts = files.map(({ id, name }) => ({
    type: "file" as const,
    url: `/files/${id}`,
    filename: name,
  }));
  return text === "" ? parts : [...parts, { type: "text" as const, text }];
}

/** An owner's uploads: the rows, and the keys in the bucket, including keys without a row. */
export async function traces({ user }: Pick<Caller, "user">) {
  const { results: rows } = await env.CONTENT_0.prepare(
    "SELECT id, state, bytes, thumbnailBytes FROM uploads WHERE userId = ? ORDER BY id",
  )
    .bind(user.id)
    .all<{ id: string; state: string; bytes: number; thumbnailBytes: number | null }>();
  const { results: others } = await env.CONTENT_0.prepare(
    "SELECT id FROM uploads WHERE userId <> ?",
  )
    .bind(user.id)
    .all<{ id: string }>();
  const isOthers = new Set(others.map(({ id }) => id));
  const { objects } = await env.FILES.list({ prefix: "uploads/", limit: 1_000 });
  const keys = objects.map(({ key }) => key).filter((key) => !isOthers.has(key.slice(8, 44)));
  return { rows, keys };
}
