import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { PackageList } from "../../../scripts/lib/python-packages.ts";

/** A wheel made for the tests, because those of Pyodide's list are not in the checkout. */

const files = {
  "tea/__init__.py": 'def brew(cups):\n    return f"{cups} cups of tea"\n',
  "tea-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tea\nVersion: 1.0\n",
  "tea-1.0.dist-info/WHEEL":
    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
  "tea-1.0.dist-info/RECORD": "",
};

/** The file of the package `tea`, whose `brew(2)` is "2 cups of tea". */
export const wheel = makeZip(files);
export const wheelName = "tea-1.0-py3-none-any.whl";

/** The entry of the package in a list of Pyodide's packages. */
const entry = {
  name: "tea",
  version: "1.0",
  file_name: wheelName,
  sha256: createHash("sha256").update(wheel).digest("hex"),
  depends: [],
  imports: ["tea"],
  install_dir: "site",
  package_type: "package",
};

/** Adds the package to a list of Pyodide's packages. */
export function withTea<List extends Pick<PackageList, "packages">>(list: List): List {
  return { ...list, packages: { ...list.packages, tea: entry } };
}

/**
 * Makes a ZIP archive of texts, uncompressed.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
function makeZip(texts: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(texts)) {
    const name = Buffer.from(path);
    const content = Buffer.from(text);
    // From the version that is needed to the length of extra fields, the same in both places.
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    // 1 January 1980, the first day that the format knows.
    facts.writeUInt16LE(0x21, 8);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(content.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), facts, name, content]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    index.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), facts, place, name]));
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(index);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(index.length, 4);
  end.writeUInt16LE(index.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, directory, Buffer.from("PK\x05\x06"), end]);
}
