import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { bytesOf, join, upload } from "../../../../test/files.ts";
import { isWestern } from "./text-encoding.ts";
import { TextIntake } from "./text-intake.ts";

const fromHex = (hex: string) =>
  new Uint8Array(hex.match(/../g)?.map((two) => parseInt(two, 16)) ?? []);

/** Windows-1252 has these where Latin-1 has control characters. */
const windowsSigns = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

function inWindows1252(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => {
    const index = windowsSigns.indexOf(letter);
    return index < 0 ? letter.charCodeAt(0) : 0x80 + index;
  });
}

function inUtf16(text: string, isLittle: boolean, hasMark: boolean): Uint8Array {
  const units = `${hasMark ? "\ufeff" : ""}${text}`;
  const view = new DataView(new ArrayBuffer(units.length * 2));
  for (let at = 0; at < units.length; at += 1)
    view.setUint16(at * 2, units.charCodeAt(at), isLittle);
  return new Uint8Array(view.buffer);
}

const poem = "Zwölf Boxkämpfer jagen\r\nEva quer über den Sylter Deich – für 10 € 😀\n";
const western = poem.replace("😀", "“naïf”");

const readable: [string, string, Uint8Array, string][] = [
  ["UTF-8", "a.txt", bytesOf(poem), poem],
  ["UTF-16, little end first", "a.txt", inUtf16(poem, true, true), poem],
  ["UTF-16, big end first", "a.txt", inUtf16(poem, false, true), poem],
  ["UTF-16 without a mark", "a.csv", inUtf16(poem, true, false), poem],
  ["UTF-16 without a mark, big end first", "a", inUtf16(poem, false, false), poem],
  ["UTF-16 of Chinese", "a.txt", inUtf16("你好，世界", true, true), "你好，世界"],
  ["UTF-16 of one letter", "a.txt", inUtf16("a", true, true), "a"],
  ["a long UTF-16", "a.txt", inUtf16(poem.repeat(9_000), true, true), poem.repeat(9_000)],
  ["Windows-1252", "a.csv", inWindows1252(western), western],
  ["a long Windows-1252", "a.csv", inWindows1252(western.repeat(9_000)), western.repeat(9_000)],
  ["one accent", "a.csv", fromHex("41e942"), "AéB"],
  [
    "one accent far behind",
    "a.csv",
    inWindows1252(`${"name;1\n".repeat(9_000)}José;2\n`),
    `${"name;1\n".repeat(9_000)}José;2\n`,
  ],
  [
    "XML in Latin-1",
    "a.xml",
    inWindows1252('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'),
    '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>',
  ],
];

async function contentOf(owner: Caller, id: string): Promise<Uint8Array> {
  return new Uint8Array(await (await owner.fetch(`/files/${id}`)).arrayBuffer());
}

test.each(readable)("a text in %s is stored in UTF-8", async (_, name, bytes, text) => {
  const owner = await callerFor("owner");
  const made = await upload(owner, bytes, name);
  expect(made).toMatchObject({ name, bytes: bytesOf(text).length });
  expect(new TextDecoder().decode(await contentOf(owner, made.id))).toBe(text);
});

test("the same text in two encodings is stored once", async () => {
  const owner = await callerFor("owner");
  const first = await upload(owner, inWindows1252(western), "a.txt");
  const second = await upload(owner, inUtf16(western, true, true), "b.txt");
  expect(second.id).toBe(first.id);
});

/** Texts in encodings that are not recognised, as bytes. */
const others: [string, string][] = [
  ["Windows-1251", "cff0e8e2e5f22c20ecf0"],
  ["Windows-1251, one word", "ece8f0"],
  ["KOI8-R", "f0d2c9d7c5d42c20cdc9d2"],
  ["Windows-1250 of Polish", "5a61bff3b3e62067eabc6cb920"],
  ["Windows-1250 of Czech", "50f8ed6c69f8206bf9f2207961ec"],
  ["Windows-1253", "cae1ebe7ecddf1e120eafcf3ece5"],
  ["Windows-1255", "f9ece5ed20f2e5eced"],
  ["Windows-1254 of Turkish", "e7616c69fe79f4207fffde20fe"],
  ["Shift_JIS", "96bc914f2c8f5a8f8a0a8e5293639175985920"],
  ["Shift_JIS of kana", "82b182ea82cd93fa967b8cea"],
  ["EUC-JP", "c6fccbdcb8eca4cea5c6a5ada5b9a5c8"],
  ["GBK", "d0d5c3fb2cb5d8d6b70ad5c5c8fd"],
  ["GBK, one word", "c4e3bac3"],
  ["Big5", "a96da6572ca661a7e70aa4fda470a9fa"],
  ["EUC-KR", "c0ccb8a72cc1d6bcd20ac8abb1e6b5bf"],
  ["Mac OS Roman", "4d9f6c6c6572206431206e9561"],
  ["code page 437", "4d816c6c6572206482"],
];

test.each(others)("a text in %s is refused with what to do", async (_, hex) => {
  const owner = await callerFor("owner");
  const error = await errorOf(upload(owner, fromHex(hex), "a.csv"));
  expect(error.message).toBe(
    "This file isn’t UTF-8 text. Save it with UTF-8 encoding (in Excel: “CSV UTF-8”) and try again.",
  );
});

test.each([
  "Année;Prix\n2024;élevé à Noël, œuvre créée où ça?",
  "Señor niño mañana ¿qué? ¡Sí! pingüino 1º",
  "Skål för Åsa på öl",
  "blåbærsyltetøy, Ærø og Århus",
  "Ação, coração, não põe José às três",
  "Þetta er gott, ég á bæði hús og bíl. Það er ævintýri",
  "È così: perché no? Più tardi, là giù",
  "Müller; José; Åsa; François",
  "Größe: 5 m², 20 °C ± ½, §§ 1–2 «gut» „so“ 10 € 3×4",
  "ÄÖÜ ÉTÉ, NOËL",
  "Hääyöaie on Šakki",
])("%j is taken for a Western text", (text) => {
  expect(isWestern(text)).toBe(true);
});

const attacks: [string, Uint8Array, RegExp][] = [
  ["SVG in UTF-16", inUtf16("<svg xmlns='x'><script/></svg>", true, true), /SVG files/],
  ["SVG in UTF-16 without a mark", inUtf16("<svg xmlns='x'/>", false, false), /SVG files/],
  ["HTML in UTF-16", inUtf16("\n<!-- a --><html><script>", false, true), /Web pages/],
  ["HTML in Latin-1", inWindows1252("<!-- é --><html><script>"), /Web pages/],
  ["zeros in UTF-16", inUtf16("abc\0def", true, true), /doesn’t contain text/],
  ["zeros far behind in UTF-16", inUtf16(`${"a".repeat(9_000)}\0`, true, true), /isn’t UTF-8/],
  ["half a pair in UTF-16", inUtf16("abc\ud83d", true, true), /doesn’t contain text/],
  ["half a character of UTF-16", join(inUtf16("abc", true, true), fromHex("41")), /text/],
  ["zeros in Latin-1", inWindows1252("é\0"), /doesn’t contain text/],
  ["a control in Latin-1", inWindows1252("é\x01"), /doesn’t contain text/],
  ["a control far behind", inWindows1252(`${"é ".repeat(40_000)}\x02`), /isn’t UTF-8/],
  ["Latin-1 after UTF-8", join(bytesOf("für ".repeat(9_000)), fromHex("e920")), /isn’t UTF-8/],
];

test.each(attacks)("%s is refused", async (_, bytes, why) => {
  const owner = await callerFor("owner");
  expect((await errorOf(upload(owner, bytes, "a.txt"))).message).toMatch(why);
});

test("a text has no more than the limit when it is stored", async () => {
  const owner = await callerFor("owner");
  const { fileMaxBytes } = await owner.api.uploads.limits.query();
  const bytes = new Uint8Array(fileMaxBytes - 100).map((_, at) => (at % 2 === 0 ? 0xe4 : 0x20));
  const error = await errorOf(upload(owner, bytes, "a.txt"));
  expect(error.message).toMatch(/can be up to/);
});

const box = (brand: string) =>
  join(
    fromHex("00000018"),
    bytesOf(`ftyp${brand}`),
    fromHex("00000000"),
    bytesOf("mif1"),
    new Uint8Array(40),
  );

test.each([
  [
    "photo.jpg",
    box("heic"),
    "“photo.jpg” is actually a HEIC image. HEIC images aren’t supported. Save the image as JPEG or PNG and attach that.",
  ],
  [
    "photo.HEIC",
    box("heic"),
    ".heic files aren’t supported. Save the image as JPEG or PNG and attach that.",
  ],
  [
    "photo.png",
    box("avif"),
    "“photo.png” is actually an AVIF image. AVIF images aren’t supported. Save the image as JPEG or PNG and attach that.",
  ],
  [
    "photo",
    box("heic"),
    "HEIC images aren’t supported. Save the image as JPEG or PNG and attach that.",
  ],
  [
    "scan.jpg",
    join(fromHex("49492a0008000000"), new Uint8Array(60)),
    "“scan.jpg” is actually a TIFF image. TIFF images aren’t supported. Save the image as JPEG or PNG and attach that.",
  ],
  [
    "scan.png",
    join(bytesOf("BM"), new Uint8Array(60)),
    "“scan.png” is actually a BMP image. BMP images aren’t supported. Save the image as JPEG or PNG and attach that.",
  ],
  [
    "a.txt",
    join(bytesOf("PK\u0003\u0004"), new Uint8Array(60)),
    "“a.txt” is actually a ZIP archive. ZIP archives aren’t supported. Unpack it and attach the files in it.",
  ],
  [
    "a.xlsx",
    bytesOf("hello"),
    ".xlsx files aren’t supported. Save it as CSV or PDF and attach that.",
  ],
  [
    "a.csv",
    fromHex("0001020304"),
    "“a.csv” doesn’t contain text. Binary files aren’t supported. If it is a text, save it with UTF-8 encoding and try again.",
  ],
  [
    "a.jpg",
    fromHex("0001020304"),
    ".jpg files aren’t supported. Attach images (JPEG, PNG, GIF, WebP), PDFs, or text.",
  ],
])("%s is refused by its real kind", async (name, bytes, message) => {
  const owner = await callerFor("owner");
  expect((await errorOf(upload(owner, bytes, name))).message).toBe(message);
});

test.each([1, 2, 7, 4_099])("a text in pieces of %d bytes is decoded like the whole", (size) => {
  for (const [, , bytes, text] of readable.filter(([name]) => !name.startsWith("a long"))) {
    const intake = new TextIntake("a.txt", bytes.subarray(0, 4_100));
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      pieces.push(intake.take(bytes.slice(at, at + size)));
    }
    pieces.push(intake.end());
    expect(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(join(...pieces))).toBe(
      text,
    );
  }
});
