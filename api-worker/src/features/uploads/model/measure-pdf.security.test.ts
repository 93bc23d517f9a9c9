/** Attack: a small PDF that unfolds to hundreds of megabytes, or is read without end. */
import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { pdf } from "../../../../test/files.ts";
import { measurePdf, unfoldedMax } from "./measure-pdf.ts";
import { readPdfText } from "./pdf-text.ts";

/** Objects of a PDF, from number 1 on. The first is the catalogue. */
function pdfOf(objects: readonly (string | Buffer)[], trailer = ""): Buffer {
  const pieces: Buffer[] = [Buffer.from("%PDF-1.7\n", "latin1")];
  const places: number[] = [];
  let length = 9;
  const add = (piece: string | Buffer) => {
    const bytes = typeof piece === "string" ? Buffer.from(piece, "latin1") : piece;
    pieces.push(bytes);
    length += bytes.length;
  };
  for (const [index, object] of objects.entries()) {
    places.push(length);
    add(`${index + 1} 0 obj\n`);
    add(object);
    add("\nendobj\n");
  }
  const start = length;
  const rows = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  add(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`);
  add(
    `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`,
  );
  return Buffer.concat(pieces);
}

function stream(dictionary: string, data: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`, "latin1"),
    data,
    Buffer.from("\nendstream", "latin1"),
  ]);
}

const catalog = "<< /Type /Catalog /Pages 2 0 R >>";
const pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

/** A PDF of one page whose content is object 4. @param others objects from number 6 on */
function page(content: Buffer, ...others: readonly (string | Buffer)[]): Buffer {
  const forms = others.map((_, index) => `/X${index} ${index + 6} 0 R`).join(" ");
  const resources = `/Font << /F1 5 0 R >> /XObject << ${forms} >>`;
  const sheet = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << ${resources} >> >>`;
  return pdfOf([catalog, pages, sheet, content, font, ...others]);
}

const draw = (text: string) => `BT /F1 24 Tf 72 700 Td (${text}) Tj ET\n`;
const words = Buffer.from(draw("Words."), "latin1");
/** Drawing nothing, with so many bytes. */
const padded = (length: number) => Buffer.concat([words, Buffer.alloc(length, 32)]);
const bomb = deflateSync(padded(60_000_000));
const flate = "/Filter /FlateDecode";

const hex = (data: Buffer) => Buffer.from(`${data.toString("hex")}>`, "latin1");
function base85(data: Buffer): Buffer {
  let text = "";
  for (let at = 0; at < data.length; at += 4) {
    const group = Buffer.alloc(4);
    data.copy(group, 0, at, at + 4);
    let value = group.readUInt32BE();
    const digits: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      digits.unshift(String.fromCharCode(33 + (value % 85)));
      value = Math.floor(value / 85);
    }
    text += digits.join("");
  }
  return Buffer.from(`${text}~>`, "latin1");
}

const half = () => stream(flate, deflateSync(padded(30_000_000)));

const bombs: readonly [string, Buffer, string][] = [
  ["its content", page(stream(flate, bomb)), "too much"],
  ["several streams together", page(half(), half()), "too much"],
  ["an object that nothing names", page(stream("", words), stream(flate, bomb)), "too much"],
  [
    "a stream of objects",
    page(stream("", words), stream(`/Type /ObjStm /N 1 /First 4 ${flate}`, bomb)),
    "too much",
  ],
  [
    "a stream folded twice",
    page(stream("/Filter [/FlateDecode /FlateDecode]", deflateSync(bomb))),
    "too much",
  ],
  [
    "a stream folded many times",
    page(
      stream(
        flate,
        [1, 2, 3, 4].reduce((data) => deflateSync(data), words),
      ),
    ),
    "uncounted",
  ],
  ["a name with escapes", page(stream("/Fi#6cter /Fl#61teDecode", bomb)), "too much"],
  ["hex digits", page(stream("/Filter [/ASCIIHexDecode /FlateDecode]", hex(bomb))), "too much"],
  ["base 85", page(stream("/Filter [/A85 /Fl]", base85(bomb))), "too much"],
  [
    "a short length",
    page(
      Buffer.from(
        stream(flate, bomb)
          .toString("latin1")
          .replace(/Length \d+/, "Length 9"),
        "latin1",
      ),
    ),
    "too much",
  ],
  ["LZW", page(stream("/Filter /LZWDecode", Buffer.alloc(1000))), "uncounted"],
  ["run lengths", page(stream("/Filter /Run#4cengthDecode", Buffer.alloc(1000))), "uncounted"],
  [
    "a filter in another object",
    page(stream("/Filter 6 0 R", Buffer.alloc(1000)), "/LZWDecode"),
    "uncounted",
  ],
  [
    "a filter behind a comment",
    page(stream("/Filter %\n6 0 R", Buffer.alloc(1000)), "/LZWDecode"),
    "uncounted",
  ],
  [
    "a list with a filter in another object",
    page(stream("/Filter [/FlateDecode 6 0 R]", deflateSync(words)), "/LZWDecode"),
    "uncounted",
  ],
  [
    "data that only a lenient reader unfolds",
    page(stream(flate, Buffer.concat([bomb.subarray(0, 100), Buffer.alloc(50, 255), bomb]))),
    "uncounted",
  ],
  [
    "a stream that is cut",
    page(stream(flate, deflateSync(padded(10_000)).subarray(0, -8))),
    "uncounted",
  ],
  ["a password", pdfOf([catalog], "/Encrypt << /Filter /Standard >>"), "encrypted"],
  [
    "very many streams",
    Buffer.concat([page(words), Buffer.from(" stream\n".repeat(60_000), "latin1")]),
    "too much",
  ],
  [
    "streams within a stream",
    page(
      Buffer.concat(
        Array.from({ length: 3_000 }, (_, index) =>
          stream(flate, deflateSync(padded(20_000 + index))),
        ),
      ),
    ),
    "too much",
  ],
];

test.each(bombs)("a PDF that unfolds by %s is not read", async (_, bytes, refusal) => {
  expect(bytes.length).toBeLessThan(5_000_000);
  const measure = measurePdf(bytes);
  expect(measure.refusal).toBe(refusal);
  expect(measure.unfolded).toBeLessThanOrEqual(2 * unfoldedMax);
  expect(await readPdfText(bytes, 1_000)).toBeNull();
});

const readable: readonly [string, Buffer | Uint8Array][] = [
  ["plain streams", pdf("Words.")],
  ["folded streams", page(stream(flate, deflateSync(padded(10_000))))],
  ["hex digits", page(stream("/Filter [/ASCIIHexDecode /FlateDecode]", hex(deflateSync(words))))],
  ["base 85", page(stream("/Filter [/ASCII85Decode /FlateDecode]", base85(deflateSync(words))))],
];

test.each(readable)("a PDF of %s is read", async (_, bytes) => {
  expect(measurePdf(bytes).refusal).toBeNull();
  expect((await readPdfText(Uint8Array.from(bytes), 1_000))?.text).toBe("Words.");
});

test("forms that draw each other many times are read until there is enough text", async () => {
  const form = (content: string, next: number | null) =>
    stream(
      `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> ${next === null ? "" : `/XObject << /X ${next} 0 R >>`} >>`,
      Buffer.from(content, "latin1"),
    );
  const many = "/X Do\n".repeat(100);
  const bytes = page(
    stream("", Buffer.from("/X0 Do\n", "latin1")),
    form(many, 7),
    form(many, 8),
    form(many, 9),
    form(many, 10),
    form(draw("Words."), null),
  );
  const read = await readPdfText(Uint8Array.from(bytes), 2_000);
  expect(read?.isCut).toBe(true);
  expect(read?.text.length).toBe(2_000);
});

test("a text that is longer than what is read says so, wherever it is cut", async () => {
  // A reader gets the text in pieces, which end where the font changes, some with a line's end.
  const lines = Array.from(
    { length: 40 },
    (_, row) => `BT /F${row % 2} 12 Tf 1 0 0 1 72 ${780 - 18 * row} Tm (w${row}) Tj ET\n`,
  );
  const bytes = pdfOf([
    catalog,
    pages,
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F0 5 0 R /F1 6 0 R >> >> >>",
    stream("", Buffer.from(lines.join(""), "latin1")),
    font,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
  ]);
  const read = (maxLength: number) => readPdfText(Uint8Array.from(bytes), maxLength);
  const { text = "", isCut } = (await read(1_000)) ?? {};
  expect(text).toMatch(/^w0\nw1\n.*\nw39$/s);
  expect(isCut).toBe(false);
  for (let maxLength = 1; maxLength < 40; maxLength += 1) {
    expect(await read(maxLength)).toEqual({ text: text.slice(0, maxLength), isCut: true });
  }
});

test("a tree of pages that has itself as a child, and one of 20,000 pages, end", async () => {
  const loop = pdfOf([catalog, "<< /Type /Pages /Kids [2 0 R] /Count 9 >>"]);
  expect(await readPdfText(Uint8Array.from(loop), 1_000)).toBeNull();
  const kids = `[${"3 0 R ".repeat(20_000)}]`;
  const many = pdfOf([
    catalog,
    `<< /Type /Pages /Kids ${kids} /Count 20000 >>`,
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
  ]);
  expect(await readPdfText(Uint8Array.from(many), 1_000)).toMatchObject({ text: "" });
});
