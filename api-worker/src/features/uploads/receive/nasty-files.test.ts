import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import {
  bytesOf,
  gif,
  join,
  jpeg,
  jpegSegment,
  pdf,
  png,
  pngChunk,
  pngHead,
  pngSize,
  upload,
  webp,
} from "../../../../test/files.ts";

/** The expected outcome for a file: its type and name, or the reason for the refusal. */
type Fate =
  | { type: string; name: string; size?: [number, number]; stored?: Uint8Array }
  | { refused: RegExp };

interface Case {
  readonly what: string;
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly declared?: string;
  readonly fate: Fate;
}

/** @param stored what is kept of it, if that is not all */
const taken = (type: string, name: string, size?: [number, number], stored?: Uint8Array): Fate => ({
  type,
  name,
  ...(size && { size }),
  ...(stored && { stored }),
});
const refused = (why: RegExp): Fate => ({ refused: why });

const broken = /damaged or incomplete/;
const wrongName = /is actually/;
const notTaken = /aren’t supported/;
const page = /Web pages aren’t supported/;
const drawing = /SVG files aren’t supported/;
const tooMany = /image is too large/;
const notText = /isn’t UTF-8 text/;

const zip = join(bytesOf("PK\u0003\u0004"), new Uint8Array(60));
const htmlText = "<!DOCTYPE html><script>alert(1)</script>";
const svgText = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const long = "a".repeat(300);
const exif = (orientation: number) =>
  jpegSegment(
    0xe1,
    join(
      bytesOf("Exif\0\0MM\0*"),
      new Uint8Array([
        0,
        0,
        0,
        8,
        0,
        1,
        1,
        0x12,
        0,
        3,
        0,
        0,
        0,
        1,
        0,
        orientation,
        0,
        0,
        0,
        0,
        0,
        0,
      ]),
    ),
  );
const withByte = (bytes: Uint8Array, at: number, value: number) => {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
};
/** A large text with something in the middle, far after the first bytes. */
const deep = (middle: Uint8Array) =>
  join(bytesOf("text ".repeat(20_000)), middle, bytesOf("text ".repeat(1_000)));

const whole: Case[] = [
  { what: "a JPEG", name: "a.jpg", bytes: jpeg(8, 6), fate: taken("image/jpeg", "a.jpg", [8, 6]) },
  { what: "a PNG", name: "a.png", bytes: png(8, 6), fate: taken("image/png", "a.png", [8, 6]) },
  { what: "a GIF", name: "a.gif", bytes: gif(8, 6), fate: taken("image/gif", "a.gif", [8, 6]) },
  {
    what: "a WebP",
    name: "a.webp",
    bytes: webp(8, 6),
    fate: taken("image/webp", "a.webp", [8, 6]),
  },
  { what: "a PDF", name: "a.pdf", bytes: pdf(), fate: taken("application/pdf", "a.pdf") },
  { what: "text", name: "a.txt", bytes: "hello", fate: taken("text/plain", "a.txt") },
  { what: "Markdown", name: "a.md", bytes: "# a", fate: taken("text/markdown", "a.md") },
  {
    what: "Markdown that begins with HTML",
    name: "r.md",
    bytes: '<p align="center">Hi</p>',
    fate: taken("text/markdown", "r.md"),
  },
  {
    what: "CSV, as Windows calls it",
    name: "a.csv",
    bytes: "a;b",
    declared: "application/vnd.ms-excel",
    fate: taken("text/csv", "a.csv"),
  },
  { what: "JSON", name: "a.json", bytes: "{}", fate: taken("application/json", "a.json") },
  {
    what: "TypeScript, as browsers call it",
    name: "a.ts",
    bytes: "let a = 1;",
    declared: "video/mp2t",
    fate: taken("text/plain", "a.ts"),
  },
  {
    what: "a component that begins with a script",
    name: "a.vue",
    bytes: "<script>export default {}</script>",
    fate: taken("text/plain", "a.vue"),
  },
  {
    what: "XML",
    name: "a.xml",
    bytes: '<?xml version="1.0"?><a/>',
    fate: taken("text/plain", "a.xml"),
  },
  {
    what: "a JPEG under its other ending, in capitals",
    name: "A.JPEG",
    bytes: jpeg(),
    fate: taken("image/jpeg", "A.JPEG", [1, 1]),
  },
  {
    what: "a JPEG that lies on its side",
    name: "s.jpg",
    bytes: jpeg(40, 30, exif(6)),
    fate: taken(
      "image/jpeg",
      "s.jpg",
      [30, 40],
      join(new Uint8Array([0xff, 0xd8]), exif(6), jpeg(40, 30).slice(2)),
    ),
  },
  {
    what: "a file without an ending",
    name: "Makefile",
    bytes: "all:\n",
    fate: taken("text/plain", "Makefile"),
  },
  { what: "one byte", name: "a.txt", bytes: "a", fate: taken("text/plain", "a.txt") },
  {
    what: "text with a byte order mark",
    name: "b.txt",
    bytes: "\ufeffhello",
    fate: taken("text/plain", "b.txt"),
  },
  {
    what: "text whose character lies across the first bytes' end",
    name: "c.txt",
    bytes: `${"a".repeat(4_099)}é and more`,
    fate: taken("text/plain", "c.txt"),
  },
  {
    what: "text that begins like a program",
    name: "mz.txt",
    bytes: "MZ is short for Mark Zbikowski",
    fate: taken("text/plain", "mz.txt"),
  },
];

const wrongType: Case[] = [
  {
    what: "a JPEG called PNG",
    name: "a.png",
    bytes: jpeg(),
    declared: "image/png",
    fate: refused(wrongName),
  },
  { what: "a PNG called JPEG", name: "a.jpg", bytes: png(), fate: refused(wrongName) },
  { what: "a PNG called text", name: "a.txt", bytes: png(), fate: refused(wrongName) },
  { what: "a PDF called a picture", name: "a.gif", bytes: pdf(), fate: refused(wrongName) },
  {
    what: "text called PNG",
    name: "a.png",
    bytes: "hello",
    declared: "image/png",
    fate: refused(wrongName),
  },
  { what: "text called PDF", name: "a.pdf", bytes: "hello", fate: refused(wrongName) },
  {
    what: "a nameless picture sent as another",
    name: "picture",
    bytes: gif(),
    declared: "image/png",
    fate: refused(wrongName),
  },
  {
    what: "nameless text sent as a picture",
    name: "picture",
    bytes: "hello",
    declared: "image/png",
    fate: refused(wrongName),
  },
  { what: "a ZIP", name: "a.zip", bytes: zip, fate: refused(notTaken) },
  { what: "a ZIP called text", name: "a.txt", bytes: zip, fate: refused(notTaken) },
  {
    what: "a ZIP called PNG",
    name: "a.png",
    bytes: zip,
    declared: "image/png",
    fate: refused(notTaken),
  },
  {
    what: "a document of Word",
    name: "a.docx",
    bytes: zip,
    fate: refused(/\.docx files aren’t supported/),
  },
  {
    what: "text called a document of Word",
    name: "a.docx",
    bytes: "hello",
    fate: refused(/\.docx files aren’t supported/),
  },
  {
    what: "a program",
    name: "a.exe",
    bytes: join(bytesOf("MZ"), new Uint8Array(80)),
    fate: refused(notTaken),
  },
  {
    what: "a picture of a kind that browsers do not show",
    name: "a.bmp",
    bytes: join(bytesOf("BM"), new Uint8Array(60)),
    fate: refused(notTaken),
  },
  { what: "text with a zero byte", name: "a.txt", bytes: "a\0b", fate: refused(notTaken) },
  {
    what: "text with a zero byte far behind",
    name: "a.txt",
    bytes: deep(new Uint8Array([0])),
    fate: refused(notText),
  },
  {
    what: "text that is binary far behind",
    name: "a.txt",
    bytes: deep(new Uint8Array([0xff, 0xd8])),
    fate: refused(notText),
  },
  {
    what: "text that ends in half a character",
    name: "a.txt",
    bytes: join(bytesOf("a".repeat(5_000)), new Uint8Array([0xc3])),
    fate: refused(notText),
  },
];

const disguised: Case[] = [
  { what: "SVG", name: "a.svg", bytes: svgText, declared: "image/svg+xml", fate: refused(drawing) },
  {
    what: "SVG called PNG",
    name: "a.png",
    bytes: svgText,
    declared: "image/png",
    fate: refused(drawing),
  },
  { what: "SVG called text", name: "a.txt", bytes: svgText, fate: refused(drawing) },
  {
    what: "SVG behind a declaration and comments",
    name: "a.xml",
    bytes: `\ufeff <?xml version="1.0"?>\n<!-- a\nb -->\n<!DOCTYPE svg PUBLIC "x">${svgText}`,
    fate: refused(drawing),
  },
  { what: "HTML", name: "a.html", bytes: htmlText, declared: "text/html", fate: refused(page) },
  {
    what: "HTML called text",
    name: "a.txt",
    bytes: htmlText,
    declared: "text/plain",
    fate: refused(page),
  },
  {
    what: "HTML called JPEG",
    name: "a.jpg",
    bytes: htmlText,
    declared: "image/jpeg",
    fate: refused(page),
  },
  {
    what: "HTML called JSON",
    name: "a.json",
    bytes: `\n\n  ${htmlText.toLowerCase()}`,
    fate: refused(page),
  },
  {
    what: "HTML behind a comment",
    name: "a.md",
    bytes: `<!-- hi --> <HTML><body>`,
    fate: refused(page),
  },
  {
    what: "a script called text",
    name: "a.txt",
    bytes: "<script>alert(1)</script>",
    fate: refused(page),
  },
  {
    what: "harmless text called HTML",
    name: "a.html",
    bytes: "hello",
    fate: refused(/\.html files aren’t supported/),
  },
];

const polyglots: Case[] = [
  {
    what: "a JPEG with a ZIP behind its end",
    name: "a.jpg",
    bytes: join(jpeg(), zip),
    fate: taken("image/jpeg", "a.jpg", [1, 1], jpeg()),
  },
  {
    what: "a PNG with HTML behind its end",
    name: "a.png",
    bytes: join(png(2, 2), bytesOf(htmlText)),
    fate: taken("image/png", "a.png", [2, 2], png(2, 2)),
  },
  {
    what: "a PNG with HTML in a comment of it",
    name: "c.png",
    bytes: png(3, 3, pngChunk("tEXt", bytesOf(`Comment\0${htmlText}`))),
    fate: taken("image/png", "c.png", [3, 3], png(3, 3)),
  },
  {
    what: "a PNG that calls itself a program for HTML",
    name: "a.hta",
    bytes: join(png(2, 2), bytesOf(htmlText)),
    fate: refused(notTaken),
  },
  {
    what: "a PNG with an unknown extension",
    name: "IMG.2026",
    bytes: png(2, 2),
    fate: taken("image/png", "IMG.2026.png", [2, 2]),
  },
  {
    what: "a PDF without an ending",
    name: "paper",
    bytes: pdf(),
    fate: taken("application/pdf", "paper.pdf"),
  },
  {
    what: "a script that begins like a GIF",
    name: "a.gif",
    bytes: "GIF89a=1;alert(document.cookie);//",
    fate: refused(broken),
  },
  {
    what: "HTML that begins like a GIF",
    name: "b.gif",
    bytes: `GIF89a${htmlText}`,
    fate: refused(broken),
  },
  {
    what: "HTML that ends like a PDF",
    name: "a.pdf",
    bytes: `${htmlText}%PDF-1.4 %%EOF`,
    fate: refused(page),
  },
  {
    what: "a PDF that ends like a page",
    name: "p.pdf",
    bytes: join(pdf(), bytesOf(htmlText)),
    fate: taken("application/pdf", "p.pdf"),
  },
];

const cutOff: Case[] = [
  { what: "nothing", name: "a.txt", bytes: "", fate: refused(/is empty/) },
  {
    what: "an empty picture",
    name: "a.png",
    bytes: "",
    declared: "image/png",
    fate: refused(/is empty/),
  },
  {
    what: "a PNG without its end",
    name: "a.png",
    bytes: png().slice(0, -12),
    fate: refused(broken),
  },
  {
    what: "a PNG cut in the middle",
    name: "a.png",
    bytes: png().slice(0, 45),
    fate: refused(broken),
  },
  {
    what: "the first bytes of a PNG",
    name: "a.png",
    bytes: png().slice(0, 20),
    fate: refused(broken),
  },
  {
    what: "a PNG without data",
    name: "a.png",
    bytes: join(pngHead, pngSize(1, 1), pngChunk("IEND")),
    fate: refused(broken),
  },
  {
    what: "a PNG whose chunk claims 4 GB",
    name: "a.png",
    bytes: withByte(png(), 33, 0x7f),
    fate: refused(broken),
  },
  { what: "a PNG of no width", name: "a.png", bytes: png(0, 5), fate: refused(/can’t be read/) },
  {
    what: "a JPEG without its end",
    name: "a.jpg",
    bytes: jpeg().slice(0, -2),
    fate: refused(broken),
  },
  {
    what: "a JPEG cut in its head",
    name: "a.jpg",
    bytes: jpeg().slice(0, 12),
    fate: refused(broken),
  },
  {
    what: "a JPEG whose segment has no length",
    name: "a.jpg",
    bytes: withByte(jpeg(), 5, 0),
    fate: refused(broken),
  },
  {
    what: "a GIF without its end",
    name: "a.gif",
    bytes: gif().slice(0, -1),
    fate: refused(broken),
  },
  {
    what: "a GIF without a picture",
    name: "a.gif",
    bytes: join(gif().slice(0, 19), new Uint8Array([0x3b])),
    fate: refused(broken),
  },
  {
    what: "a WebP that is shorter than it says",
    name: "a.webp",
    bytes: webp().slice(0, -3),
    fate: refused(broken),
  },
  { what: "a WebP of nothing", name: "a.webp", bytes: webp().slice(0, 16), fate: refused(broken) },
  {
    what: "a PDF without its end",
    name: "a.pdf",
    bytes: pdf().slice(0, -8),
    fate: refused(broken),
  },
];

const huge: Case[] = [
  {
    what: "a PNG of 30,000 × 30,000",
    name: "a.png",
    bytes: png(30_000, 30_000),
    fate: refused(tooMany),
  },
  {
    what: "a PNG as wide as can be",
    name: "a.png",
    bytes: png(0x7fffffff, 1),
    fate: refused(tooMany),
  },
  {
    what: "a JPEG of 65,535 × 65,535",
    name: "a.jpg",
    bytes: jpeg(65_535, 65_535),
    fate: refused(tooMany),
  },
  {
    what: "a GIF of 65,535 × 65,535",
    name: "a.gif",
    bytes: gif(65_535, 65_535),
    fate: refused(tooMany),
  },
  {
    what: "a WebP of 16,383 × 16,383",
    name: "a.webp",
    bytes: webp(16_383, 16_383),
    fate: refused(tooMany),
  },
  {
    what: "a picture that is just small enough",
    name: "h.png",
    bytes: png(10_000, 5_000),
    fate: taken("image/png", "h.png", [10_000, 5_000]),
  },
];

const namedText = (what: string, name: string, shown: string): Case => ({
  what: `a name ${what}`,
  name,
  bytes: "hello",
  fate: taken("text/plain", shown),
});

const names: Case[] = [
  namedText("with folders", "../../etc/passwd.txt", "passwd.txt"),
  namedText("with Windows' folders", "C:\\Users\\me\\a.txt", "a.txt"),
  namedText("that ends with a folder", "a.txt/", "file.txt"),
  namedText("of dots", "..", "file.txt"),
  namedText("that is empty", "", "file.txt"),
  namedText("of spaces", "   ", "file.txt"),
  namedText("with control characters", "a\u0000b\u0007c\u001b[31m.txt", "abc[31m.txt"),
  namedText("with line ends", "a\r\nSet-Cookie: b.txt", "a Set-Cookie_ b.txt"),
  namedText("that is turned around", "cod\u202etxt.exe.txt", "codtxt.exe.txt"),
  namedText("with isolates and marks", "\u2066a\u2069\u200eb\u200fc\u061c.txt", "abc.txt"),
  namedText("with what has no width", "a\u200bb\ufeffc\u00ad.txt", "abc.txt"),
  namedText("of 300 characters", `${long}.txt`, `${"a".repeat(115)}….txt`),
  namedText("of 300 characters without an ending", long, `${"a".repeat(119)}…`),
  namedText("of emoji", "👩‍👩‍👧‍👦 🏳️‍🌈.txt", "👩‍👩‍👧‍👦 🏳️‍🌈.txt"),
  namedText("of 100 emoji", `${"🎉".repeat(100)}.txt`, `${"🎉".repeat(57)}….txt`),
  namedText("in another script", "отчёт 報告 تقرير.txt", "отчёт 報告 تقرير.txt"),
  namedText("in another form of Unicode", "cafe\u0301.txt", "café.txt"),
  namedText("with half a character", "a\ud800b.txt", "ab.txt"),
  namedText("with quotes and signs", `a"b<c>|?*.txt`, "a_b_c____.txt"),
  namedText("with percent signs", "100%25 %2e%2e%2f.txt", "100%25 %2e%2e%2f.txt"),
  namedText("with a trailing dot", "a.txt.", "a.txt"),
  namedText("that begins with a dot", ".env", ".env"),
  namedText("with a second ending", "a.png.txt", "a.png.txt"),
];

const cases: Case[] = [
  ...whole,
  ...wrongType,
  ...disguised,
  ...polyglots,
  ...cutOff,
  ...huge,
  ...names,
];

let owner: Caller;
beforeAll(async () => {
  owner = await callerFor("owner");
});

/** An owner's rows, and all objects. They must agree whatever was uploaded. */
async function census({ user }: Caller) {
  const { results } = await env.CONTENT_0.prepare("SELECT id, state FROM uploads WHERE userId = ?")
    .bind(user.id)
    .all<{ id: string; state: string }>();
  const { objects } = await env.FILES.list({ prefix: "uploads/", limit: 1_000 });
  return {
    ready: results.filter(({ state }) => state === "ready").map(({ id }) => id),
    others: results.filter(({ state }) => state !== "ready"),
    keys: objects.map(({ key }) => key),
  };
}

test("there are enough of them", () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
});

test.each(cases)("$what", async ({ name, bytes, declared, fate }) => {
  // A new user each time, because content that a user already has is not stored again.
  owner = await callerFor("owner");
  const before = await census(owner);
  const sending = upload(owner, bytes, name, declared === undefined ? {} : { type: declared });
  if ("refused" in fate) {
    const error = await errorOf(sending);
    expect(error.errorCode).toBe("INVALID");
    expect(error.message).toMatch(fate.refused);
    const after = await census(owner);
    expect(after).toEqual({ ...before, ready: [], others: [] });
    return;
  }
  const made = await sending;
  expect(made).toMatchObject({ name: fate.name, mediaType: fate.type });
  expect([made.width, made.height]).toEqual(fate.size ?? [null, null]);
  const after = await census(owner);
  expect(after.ready).toEqual([made.id]);
  expect(after.others).toEqual([]);
  expect(after.keys.filter((key) => key.includes(made.id))).toEqual([`uploads/${made.id}`]);

  const response = await owner.fetch(`/files/${made.id}`);
  const content = fate.stored ?? (typeof bytes === "string" ? bytesOf(bytes) : bytes);
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(content);
  expect(response.headers.get("content-type")?.split(";")[0]).toBe(fate.type);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/);
  // A header is ASCII, whatever the name is.
  expect(response.headers.get("content-disposition")).toMatch(
    /^(inline|attachment); filename="[\x20-\x7e]*"; filename\*=UTF-8''[\x21-\x7e]*$/,
  );
});
