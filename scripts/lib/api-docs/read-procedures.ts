import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import ts from "typescript";
import { ScriptError } from "../failure.ts";

/** What the sources say of a procedure. */
export interface ProcedureSource {
  /** Who may call it: the name of the procedure that it is built from. */
  readonly access: string;
  /** What it does; empty when neither the router nor what it calls says so. */
  readonly text: string;
  /** Its own failures, from `@throws` of what it calls, each with a code. */
  readonly failures: readonly string[];
}

/** Names of calls that say nothing of what a procedure does. */
const helpers: ReadonlySet<string> = new Set(["ownerOf", "settingsOf"]);

/**
 * Reads the procedures of a router from its sources, without a type checker, which would take long.
 *
 * @param entry absolute path of the module that exports the router
 * @param name of the exported router
 * @param codes of errors
 * @returns by path, like `chats.list`
 * @throws {ScriptError} for a router that is written in another way than the others
 */
export function readProcedures(
  entry: string,
  name: string,
  codes: readonly string[],
): Map<string, ProcedureSource> {
  return new Reader(codes).read(entry, name);
}

/** A declaration, and the file that it is in. */
interface Place {
  readonly file: ts.SourceFile;
  readonly node: ts.Node;
}

class Reader {
  readonly #files = new Map<string, ts.SourceFile>();
  readonly #found = new Map<string, ProcedureSource>();
  readonly #codes: readonly string[];

  constructor(codes: readonly string[]) {
    this.#codes = codes;
  }

  read(entry: string, name: string): Map<string, ProcedureSource> {
    const file = this.#parse(entry);
    const router = file && this.#resolve(file, name);
    if (!router) throw new ScriptError(`${entry} has no ${name}.`);
    this.#walk(router, []);
    return this.#found;
  }

  #parse(path: string): ts.SourceFile | undefined {
    const known = this.#files.get(path);
    if (known || !existsSync(path)) return known;
    const file = ts.createSourceFile(
      path,
      readFileSync(path, "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    this.#files.set(path, file);
    return file;
  }

  /** Finds what a name stands for in a file, also when it is imported from another one. */
  #resolve(file: ts.SourceFile, name: string): Place | undefined {
    for (const statement of file.statements) {
      if (ts.isFunctionDeclaration(statement) && statement.name?.text === name) {
        return { file, node: statement };
      }
      if (ts.isVariableStatement(statement)) {
        const found = statement.declarationList.declarations.find(
          (one) => ts.isIdentifier(one.name) && one.name.text === name,
        );
        if (found?.initializer) return { file, node: found.initializer };
      }
      const imported = ts.isImportDeclaration(statement) ? importedAs(statement, name) : null;
      if (!imported?.from.startsWith(".")) continue;
      const other = this.#parse(resolve(dirname(file.fileName), imported.from));
      return other && this.#resolve(other, imported.name);
    }
    return undefined;
  }

  #walk({ file, node }: Place, path: readonly string[]): void {
    if (ts.isIdentifier(node)) {
      const target = this.#resolve(file, node.text);
      if (!target) throw unread(path, file);
      this.#walk(target, path);
      return;
    }
    if (!ts.isCallExpression(node)) throw unread(path, file);
    const called = ts.isIdentifier(node.expression) ? node.expression.text : null;
    if (called === "mergeRouters") {
      for (const argument of node.arguments) this.#walk({ file, node: argument }, path);
      return;
    }
    if (called !== "router") throw unread(path, file);
    const [members] = node.arguments;
    if (!members || !ts.isObjectLiteralExpression(members)) throw unread(path, file);
    for (const member of members.properties) {
      if (!ts.isPropertyAssignment(member)) throw unread(path, file);
      const inner = [...path, member.name.getText(file)];
      const access = accessOf(member.initializer);
      if (access) this.#found.set(inner.join("."), this.#describe(file, member, access));
      else this.#walk({ file, node: member.initializer }, inner);
    }
  }

  #describe(file: ts.SourceFile, member: ts.PropertyAssignment, access: string): ProcedureSource {
    const called = this.#calledBy(file, member.initializer);
    const [does = ""] = called.map(({ node }) => textOf(node)).filter((text) => text !== "");
    const failures = [...new Set(called.flatMap((place) => this.#failuresOf(place)))];
    // A code that another function gives a reason for needs no line without one.
    const isTold = (one: string) => failures.some((other) => other.startsWith(`${one} `));
    return {
      access,
      text: textOf(member) || does,
      failures: failures.filter((one) => !isTold(one)),
    };
  }

  /** The project's functions that a procedure calls, the first one first. */
  #calledBy(file: ts.SourceFile, procedure: ts.Node): Place[] {
    const found: Place[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
        const { text } = node.expression;
        const target = helpers.has(text) ? undefined : this.#resolve(file, text);
        if (target && ts.isFunctionDeclaration(target.node)) found.push(target);
      }
      ts.forEachChild(node, visit);
    };
    visit(procedure);
    return found;
  }

  /**
   * What a function's `@throws` says, with that of the functions which it names by a link.
   *
   * @param depth how many links lead here: a few, so that two that name each other end
   */
  #failuresOf({ file, node }: Place, depth = 0): string[] {
    const texts = ts
      .getJSDocTags(node)
      .filter((tag) => tag.tagName.text === "throws")
      .map((tag) => ts.getTextOfJSDocComment(tag.comment) ?? "");
    const links = texts.flatMap((text) => [...text.matchAll(/\{@link (\w+)\}/g)]);
    const linked = links.flatMap(([, name = ""]) => {
      const target = depth < 3 ? this.#resolve(file, name) : undefined;
      return target ? this.#failuresOf(target, depth + 1) : [];
    });
    const code = new RegExp(`\\b(${this.#codes.join("|")})\\b`);
    const own = texts
      .flatMap((text) => inOneLine(text).split(/; (?:and )?/))
      .filter((part) => code.test(part))
      .map((part) => part.replace(/^(App|TRPC)Error /, "").replace(/\.$/, ""));
    return [...own.map((part) => part.replace(new RegExp(code, "g"), "`$1`")), ...linked];
  }
}

function unread(path: readonly string[], file: ts.SourceFile): ScriptError {
  return new ScriptError(`The router at "${path.join(".")}" in ${file.fileName} can't be read.`);
}

/** The word after `procedure.` at the beginning of a chain of calls; null for anything else. */
function accessOf(node: ts.Node): string | null {
  let at = node;
  while (ts.isCallExpression(at) || ts.isPropertyAccessExpression(at)) {
    const inner = at.expression;
    if (ts.isPropertyAccessExpression(at) && ts.isIdentifier(inner) && inner.text === "procedure") {
      return at.name.text;
    }
    at = inner;
  }
  return null;
}

/** From where a file imports a name, and what it is called there. */
function importedAs(
  { importClause, moduleSpecifier }: ts.ImportDeclaration,
  name: string,
): { readonly from: string; readonly name: string } | null {
  const bindings = importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return null;
  const found = bindings.elements.find((element) => element.name.text === name);
  if (!found || !ts.isStringLiteral(moduleSpecifier)) return null;
  return { from: moduleSpecifier.text, name: (found.propertyName ?? found.name).text };
}

/** The text of a docstring without its tags. */
function textOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return inOneLine(comment && ts.getTextOfJSDocComment(comment.comment));
}

function inOneLine(text: string | undefined): string {
  // What another function's docstring says is of use only in the code.
  const own = (text ?? "").replace(/[;,] see \{@link [^}]+\}/g, "");
  const plain = own.replace(/\{@link ([^}]+)\}/g, "`$1`");
  return plain.replace(/\s+/g, " ").trim();
}
