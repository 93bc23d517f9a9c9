import { expect, test } from "vitest";
import {
  countFiles,
  type FileImport,
  findFeatureCircle,
  readSources,
  type Sources,
} from "./lib/feature-imports.ts";

/** @param imports the import statements of each file, by its path in `app` */
function makeTree(imports: Record<string, string>): Sources {
  return new Map(Object.entries(imports).map(([path, text]) => [`app/${path}`, text]));
}

/** @returns a circle as readable lines: `from → to` */
function describeCircle(circle: readonly FileImport[]): readonly string[] {
  return circle.map(({ from, to }) => `${from} → ${to}`);
}

const toCart = 'import { cart } from "../cart/cart.ts";';

test.each([
  ["an import", 'import { shop } from "../shop/shop.ts";'],
  ["an import of a type", 'import type { Shop } from "../shop/shop.ts";'],
  ["a type within an import", 'import { type Shop } from "../shop/shop.ts";'],
  ["a type's own import", 'type Shop = import("../shop/shop.ts").Shop;'],
  ["the type of a module", 'type Shop = typeof import("../shop/shop.ts");'],
  ["an import for its effects", 'import "../shop/shop.ts";'],
  ["an import at run time", 'const load = () => import("../shop/shop.ts");'],
  ["a re-export", 'export { shop } from "../shop/shop.ts";'],
  ["a re-export of all", 'export * from "../shop/shop.ts";'],
  ["a re-export of a type", 'export type { Shop } from "../shop/shop.ts";'],
])("%s closes a circle of features", (_, statement) => {
  const tree = makeTree({ "features/shop/shop.ts": toCart, "features/cart/cart.ts": statement });
  expect(describeCircle(findFeatureCircle(tree, "app/features"))).toEqual([
    "app/features/shop/shop.ts → app/features/cart/cart.ts",
    "app/features/cart/cart.ts → app/features/shop/shop.ts",
  ]);
});

test("different files of the same features close a circle", () => {
  const tree = makeTree({
    "features/shop/page.tsx": 'import { Row } from "../cart/list/row.tsx";',
    "features/cart/list/row.tsx": "export const Row = () => <p>Don't</p>;",
    "features/cart/total.ts":
      'import type { Price } from "../../lib/price.ts";\nimport "../tax/tax.ts";',
    "features/tax/tax.ts": 'import { price } from "../shop/price.ts";',
    "features/shop/price.ts": "",
    "lib/price.ts": "",
  });
  expect(describeCircle(findFeatureCircle(tree, "app/features"))).toEqual([
    "app/features/shop/page.tsx → app/features/cart/list/row.tsx",
    "app/features/cart/total.ts → app/features/tax/tax.ts",
    "app/features/tax/tax.ts → app/features/shop/price.ts",
  ]);
});

test("a file outside the features closes a circle", () => {
  const tree = makeTree({
    "features/shop/shop.ts": 'import { price } from "../../lib/price.ts";',
    "lib/price.ts": 'import type { Shop } from "../features/shop/types.ts";',
    "features/shop/types.ts": "",
  });
  expect(describeCircle(findFeatureCircle(tree, "app/features"))).toEqual([
    "app/features/shop/shop.ts → app/lib/price.ts",
    "app/lib/price.ts → app/features/shop/types.ts",
  ]);
});

test("layered features have no circle", () => {
  const tree = makeTree({
    "page.ts": 'import "./features/shop/shop.ts";\nimport "./features/cart/cart.ts";',
    "features/shop/shop.ts": `${toCart}\nimport "./price.ts";\nimport "../../lib/price.ts";`,
    "features/shop/price.ts": 'import "./shop.ts";',
    "features/cart/cart.ts": 'import "../../lib/price.ts";\n// import "../shop/shop.ts";',
    "lib/price.ts": "export const text = \"import '../features/shop/shop.ts'\";",
  });
  expect(findFeatureCircle(tree, "app/features")).toEqual([]);
});

test("a folder's files are counted without those of the folders in it", () => {
  const counts = countFiles(["app/shop/a.ts", "app/shop/b.css", "app/shop/list/c.tsx"]);
  expect([...counts]).toEqual([
    ["app/shop", 2],
    ["app/shop/list", 1],
  ]);
});

/** A folder with more files than this should be divided into folders with descriptive names. */
const maxFilesInFolder = 13;

const apps = [
  { name: "worker", folder: "api-worker/src" },
  { name: "web app", folder: "web/app" },
];

test.each(apps)("no features of the $name import each other in a circle", ({ folder }) => {
  const sources = readSources(folder);
  expect(sources.size).toBeGreaterThan(100);
  expect(describeCircle(findFeatureCircle(sources, `${folder}/features`))).toEqual([]);
});

test.each(apps)("no folder of the $name's features has too many files", ({ folder }) => {
  const counts = [...countFiles(readSources(`${folder}/features`).keys())];
  expect(counts.length).toBeGreaterThan(15);
  expect(counts.filter(([, count]) => count > maxFilesInFolder)).toEqual([]);
});
