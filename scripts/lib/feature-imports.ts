import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { fromRoot } from "./paths.ts";

/** Source text by path, relative to the top folder. */
export type Sources = ReadonlyMap<string, string>;

/** An import of one file by another, by their paths. */
export interface FileImport {
  readonly from: string;
  readonly to: string;
}

/** @returns a folder's TypeScript and CSS, without tests and their helpers (`testing/`) */
export function readSources(folder: string): Sources {
  const paths = globSync(`${folder}/**/*.{ts,tsx,css}`, { cwd: fromRoot() })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !/\.test\.tsx?$|\/testing\//.test(path))
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(fromRoot(path), "utf8")]));
}

/**
 * Finds features that import each other in a circle. Type imports count, and so do paths through
 * shared files outside the features.
 *
 * @param folder the folder whose folders are the features
 * @returns the imports of the shortest circle; none when there is no circle
 */
export function findFeatureCircle(sources: Sources, folder: string): readonly FileImport[] {
  const edges = connectNodes(sources, folder);
  const circles = [...edges.keys()]
    .filter((node) => !sources.has(node))
    .map((feature) => findWayBack(edges, feature))
    .filter((circle) => circle !== null)
    .sort((one, other) => one.length - other.length);
  return circles[0] ?? [];
}

/** For each node, one import for each node that it imports. */
type Edges = ReadonlyMap<string, ReadonlyMap<string, FileImport>>;

/** A feature is one node, named by its folder; a file outside the features is a node of its own. */
function connectNodes(sources: Sources, folder: string): Edges {
  const nodeOf = (path: string) =>
    path.startsWith(`${folder}/`) ? path.split("/", folder.split("/").length + 1).join("/") : path;
  const edges = new Map<string, Map<string, FileImport>>();
  for (const [from, text] of sources) {
    for (const to of findImports(from, text).filter((path) => sources.has(path))) {
      if (nodeOf(from) === nodeOf(to)) continue;
      const targets = edges.get(nodeOf(from)) ?? new Map<string, FileImport>();
      if (!targets.has(nodeOf(to))) targets.set(nodeOf(to), { from, to });
      edges.set(nodeOf(from), targets);
    }
  }
  return edges;
}

/** @returns the shortest path from a node back to itself, or null */
function findWayBack(edges: Edges, start: string): readonly FileImport[] | null {
  const seen = new Set<string>();
  let ways = [{ node: start, imports: [] as readonly FileImport[] }];
  while (ways.length > 0) {
    const next: typeof ways = [];
    for (const way of ways) {
      for (const [node, fileImport] of edges.get(way.node) ?? []) {
        const imports = [...way.imports, fileImport];
        if (node === start) return imports;
        if (seen.has(node)) continue;
        seen.add(node);
        next.push({ node, imports });
      }
    }
    ways = next;
  }
  return null;
}

/** @returns the paths of a file's relative imports: static, dynamic, re-exports and types */
function findImports(path: string, text: string): readonly string[] {
  const found: string[] = [];
  const add = (specifier: ts.Node | undefined) => {
    if (specifier && ts.isStringLiteralLike(specifier) && specifier.text.startsWith(".")) {
      found.push(posix.join(posix.dirname(path), specifier.text));
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0]);
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal);
    }
    ts.forEachChild(node, visit);
  };
  if (/\.tsx?$/.test(path)) visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return found;
}

/** @returns the number of files directly in each folder */
export function countFiles(paths: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}
