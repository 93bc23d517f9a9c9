/** Attack: a picture tells the readers of a shared chat where it was taken, and by whom. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { anonymous, callerFor } from "../../../../../test/callers.ts";
import {
  bytesOf,
  gif,
  join,
  jpeg,
  jpegSegment,
  png,
  pngChunk,
  upload,
  webp,
} from "../../../../../test/files.ts";
import type { PictureType } from "../../../../contracts/uploads.ts";
import { checkPicture } from "./check-picture.ts";
import { minimalTiff, orientationOf } from "./exif-orientation.ts";
import { stripMetadata } from "./strip-metadata.ts";

/** In every piece of metadata below, so that it can be looked for. */
const secret = "52.5200N 13.4050E";
const latin1 = new TextDecoder("latin1");
const asText = (bytes: Uint8Array) => latin1.decode(bytes);

const le32 = (value: number) => new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24]);

/** EXIF data with an orientation, and the secret behind it, where cameras put the rest. */
const exifData = (orientation: number) => join(minimalTiff(orientation), bytesOf(secret));

const jpegWith = (orientation: number) =>
  jpeg(
    4,
    3,
    jpegSegment(0xe1, join(bytesOf("Exif\0\0"), exifData(orientation))),
    jpegSegment(0xe1, bytesOf(`http://ns.adobe.com/xap/1.0/\0<x>${secret}</x>`)),
    jpegSegment(0xe2, bytesOf("ICC_PROFILE\0\x01\x01colours")),
    jpegSegment(0xe2, bytesOf(`MPF\0${secret}`)),
    jpegSegment(0xed, bytesOf(`Photoshop 3.0\0${secret}`)),
    jpegSegment(0xee, bytesOf("Adobe\0\x64\0\0\0\0\x01")),
    jpegSegment(0xfe, bytesOf(secret)),
  );

/** A JPEG of two scans, with a comment between them. */
const scans = (between: Uint8Array) => {
  const whole = jpeg(4, 3);
  const scan = join(jpegSegment(0xda, new Uint8Array([1, 1, 0, 0, 63, 0])), bytesOf("second"));
  return join(whole.slice(0, -2), between, scan, new Uint8Array([0xff, 0xd9]));
};

const chunk = (type: string, data: Uint8Array) =>
  join(bytesOf(type), le32(data.length), data, new Uint8Array(data.length % 2));

/** An extended WebP. @param flags of `VP8X` */
function webpWith(flags: number, ...extra: readonly Uint8Array[]): Uint8Array {
  const frame = webp(4, 3).slice(12);
  const head = chunk("VP8X", new Uint8Array([flags, 0, 0, 0, 3, 0, 0, 2, 0, 0]));
  const body = join(bytesOf("WEBP"), head, frame, ...extra);
  return join(bytesOf("RIFF"), le32(body.length), body);
}

/** A GIF with these blocks before its picture. */
function gifWith(...blocks: readonly Uint8Array[]): Uint8Array {
  const plain = gif(4, 3);
  return join(plain.slice(0, 19), ...blocks, plain.slice(19));
}
const gifBlock = (label: number, ...texts: readonly string[]) =>
  join(
    new Uint8Array([0x21, label]),
    ...texts.map((text) => join(new Uint8Array([text.length]), bytesOf(text))),
    new Uint8Array([0]),
  );
const loop = gifBlock(0xff, "NETSCAPE2.0", "\x01\0\0");
const timing = gifBlock(0xf9, "\x04\x0a\0\0");

/** Each picture, and what may be left of it. */
const pictures: readonly [string, PictureType, Uint8Array, Uint8Array][] = [
  [
    "a JPEG",
    "image/jpeg",
    jpegWith(1),
    jpeg(
      4,
      3,
      jpegSegment(0xe2, bytesOf("ICC_PROFILE\0\x01\x01colours")),
      jpegSegment(0xee, bytesOf("Adobe\0\x64\0\0\0\0\x01")),
    ),
  ],
  [
    "a JPEG with a comment between scans",
    "image/jpeg",
    scans(jpegSegment(0xfe, bytesOf(secret))),
    scans(new Uint8Array(0)),
  ],
  [
    "a JPEG with a film behind it",
    "image/jpeg",
    join(jpeg(4, 3), bytesOf(`ftypmp42${secret}`)),
    jpeg(4, 3),
  ],
  [
    "a PNG",
    "image/png",
    png(
      4,
      3,
      pngChunk("gAMA", new Uint8Array([0, 0, 0xb1, 0x8f])),
      pngChunk("tEXt", bytesOf(`Comment\0${secret}`)),
      pngChunk("iTXt", bytesOf(`XML:com.adobe.xmp\0\0\0\0\0${secret}`)),
      pngChunk("zTXt", bytesOf(`Comment\0\0${secret}`)),
      pngChunk("eXIf", exifData(1)),
      pngChunk("tIME", bytesOf(secret.slice(0, 7))),
      pngChunk("caBX", bytesOf(secret)),
    ),
    png(4, 3, pngChunk("gAMA", new Uint8Array([0, 0, 0xb1, 0x8f]))),
  ],
  ["a PNG with bytes behind it", "image/png", join(png(4, 3), bytesOf(secret)), png(4, 3)],
  [
    "a GIF",
    "image/gif",
    gifWith(loop, gifBlock(0xfe, secret), gifBlock(0xff, "XMP DataXMP", secret), timing),
    gifWith(loop, timing),
  ],
  ["a GIF with bytes behind it", "image/gif", join(gif(4, 3), bytesOf(secret)), gif(4, 3)],
  [
    "a WebP",
    "image/webp",
    webpWith(0x0c, chunk("EXIF", exifData(1)), chunk("XMP ", bytesOf(secret))),
    webpWith(0),
  ],
  [
    "a WebP with an unknown chunk",
    "image/webp",
    webpWith(0, chunk("C2PA", bytesOf(secret))),
    webpWith(0),
  ],
];

test.each(pictures)("%s is stored, served and given to models without", async (...row) => {
  const [, type, given, wanted] = row;
  expect(asText(given)).toContain(type === "image/png" ? secret.slice(0, 7) : secret);
  const owner = await callerFor("owner");
  const { id, bytes, width, height } = await upload(owner, given, "picture");
  expect({ bytes, width, height }).toEqual({ bytes: wanted.length, width: 4, height: 3 });
  const object = await env.FILES.get(`uploads/${id}`);
  expect(asText(new Uint8Array((await object?.arrayBuffer()) ?? []))).toBe(asText(wanted));
  const served = await owner.fetch(`/files/${id}`);
  expect(served.headers.get("content-length")).toBe(String(wanted.length));
  expect(asText(new Uint8Array(await served.arrayBuffer()))).toBe(asText(wanted));
  expect((await anonymous().fetch(`/files/${id}`)).status).toBe(404);
});

test("a thumbnail tells nothing either", async () => {
  const owner = await callerFor("owner");
  const thumbnail = png(2, 2, pngChunk("tEXt", bytesOf(`Comment\0${secret}`)));
  const { id } = await upload(owner, png(4, 3), "a.png", { thumbnail });
  const served = await owner.fetch(`/files/${id}?size=thumbnail`);
  expect(asText(new Uint8Array(await served.arrayBuffer()))).toBe(asText(png(2, 2)));
});

test("the same picture with other metadata is the same file", async () => {
  const owner = await callerFor("owner");
  const { id } = await upload(owner, jpegWith(1), "a.jpg");
  const { id: again } = await upload(owner, join(jpegWith(1), bytesOf("more")), "b.jpg");
  expect(again).toBe(id);
});

const turned: readonly [string, PictureType, (orientation: number) => Uint8Array][] = [
  ["a JPEG", "image/jpeg", jpegWith],
  ["a PNG", "image/png", (orientation) => png(4, 3, pngChunk("eXIf", exifData(orientation)))],
  ["a WebP", "image/webp", (orientation) => webpWith(0x08, chunk("EXIF", exifData(orientation)))],
  [
    "a WebP with the mark of a JPEG",
    "image/webp",
    (orientation) =>
      webpWith(0x08, chunk("EXIF", join(bytesOf("Exif\0\0"), exifData(orientation)))),
  ],
];

test.each(turned)("%s keeps the turn that it has to make, and nothing else", (_, type, make) => {
  for (const orientation of [2, 3, 4, 5, 6, 7, 8]) {
    const clean = stripMetadata(make(orientation), type);
    expect(asText(clean)).not.toContain(secret);
    const at = asText(clean).indexOf("MM\0*");
    expect(orientationOf(clean.subarray(at))).toBe(orientation);
    if (type === "image/jpeg") {
      const [width, height] = orientation >= 5 ? [3, 4] : [4, 3];
      expect(checkPicture(clean, type)).toEqual({ width, height });
    }
    // Stripping again changes nothing.
    expect(asText(stripMetadata(clean, type))).toBe(asText(clean));
  }
});

test.each([
  ["nothing", new Uint8Array(0)],
  ["no header", bytesOf("not EXIF data at all")],
  [
    "a directory outside",
    join(bytesOf("MM\0*"), new Uint8Array([0xff, 0xff, 0xff, 0xff]), new Uint8Array(20)),
  ],
  ["a directory that is cut", minimalTiff(6).slice(0, 15)],
  ["an orientation that does not exist", minimalTiff(9)],
])("EXIF data with %s means upright", (_, tiff) => {
  expect(orientationOf(tiff)).toBe(1);
});
