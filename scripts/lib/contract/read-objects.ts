import { dirname } from "node:path";
import ts from "typescript";
import { ScriptError } from "../failure.ts";
import type { ObjectCall } from "./contract.ts";
import type { JsonSchema } from "./schema-misfits.ts";
import { TypeSchemas } from "./type-schemas.ts";

/** Called by the platform, never by our code. */
const lifecycle = new Set([
  "constructor",
  "alarm",
  "webSocketMessage",
  "webSocketClose",
  "webSocketError",
]);

/** Where the calls of objects are declared; absolute paths. */
export interface ObjectSources {
  /** Exports the classes of the Durable Objects. */
  readonly entry: string;
  /** Declares the interface `ObjectWires`: what passes besides arguments and results of methods. */
  readonly wires: string;
  readonly tsconfig: string;
}

/**
 * Reads from the types what can be called on the Durable Objects: every public method, with its
 * arguments and its result.
 *
 * @returns by class and method
 * @throws {ScriptError} when an object answers `fetch` and `ObjectWires` does not say what passes
 */
export function readObjectCalls({
  entry,
  wires,
  tsconfig,
}: ObjectSources): Record<string, ObjectCall> {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(tsconfig, ts.sys.readFile).config,
    ts.sys,
    dirname(tsconfig),
  );
  const files = [entry, wires, ...declarationsBeside(tsconfig)];
  const program = ts.createProgram(files, { ...options, noEmit: true, composite: false });
  const checker = program.getTypeChecker();
  const schemas = new TypeSchemas(checker);
  const calls: Record<string, ObjectCall> = readWires(program, wires, schemas);
  for (const symbol of exportsOf(program, entry)) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const [declaration] = target.declarations ?? [];
    if (!declaration || !ts.isClassDeclaration(declaration)) continue;
    if (!isDurableObject(declaration)) continue;
    for (const member of declaration.members) {
      if (!ts.isMethodDeclaration(member) || !isPublic(member)) continue;
      const name = member.name.getText();
      if (lifecycle.has(name)) continue;
      const key = `${symbol.name}.${name}`;
      if (name !== "fetch") calls[key] = readMethod(member, checker, schemas);
      else if (!calls[key]) {
        throw new ScriptError(`${key} needs an entry in the interface ObjectWires of ${wires}.`);
      }
    }
  }
  return Object.fromEntries(Object.entries(calls).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The types of bindings and secrets, which no module imports. */
function declarationsBeside(tsconfig: string): string[] {
  const folder = dirname(tsconfig);
  return ts.sys.readDirectory(
    folder,
    [".d.ts"],
    ["node_modules", "dist"],
    ["*.d.ts", "src/*.d.ts"],
  );
}

function exportsOf(program: ts.Program, file: string): readonly ts.Symbol[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new ScriptError(`${file} exports nothing.`);
  return checker.getExportsOfModule(module);
}

function isDurableObject(declaration: ts.ClassDeclaration): boolean {
  const [base] = declaration.heritageClauses ?? [];
  return base?.types[0]?.expression.getText() === "DurableObject";
}

function isPublic(member: ts.MethodDeclaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;
  return !ts.isPrivateIdentifier(member.name) && !(ts.getCombinedModifierFlags(member) & hidden);
}

function readMethod(
  method: ts.MethodDeclaration,
  checker: ts.TypeChecker,
  schemas: TypeSchemas,
): ObjectCall {
  const signature = checker.getSignatureFromDeclaration(method);
  if (!signature) throw new ScriptError(`${method.name.getText()} has no signature.`);
  const fields: Record<string, JsonSchema> = {};
  const required: string[] = [];
  signature.parameters.forEach((parameter, index) => {
    const type = checker.getTypeOfSymbolAtLocation(parameter, method);
    const { schema, isOptional } = schemas.ofField(type);
    const declared = parameter.valueDeclaration as ts.ParameterDeclaration;
    // By position, because a new name for a parameter changes nothing.
    const field = `argument ${index + 1}`;
    fields[field] = schema;
    if (!isOptional && !declared.questionToken && !declared.initializer) required.push(field);
  });
  const result = checker.getReturnTypeOfSignature(signature);
  return {
    takes: { type: "object", properties: fields, required },
    gives: schemas.of(checker.getAwaitedType(result) ?? result),
  };
}

function readWires(
  program: ts.Program,
  file: string,
  schemas: TypeSchemas,
): Record<string, ObjectCall> {
  const checker = program.getTypeChecker();
  const wires = exportsOf(program, file).find(({ name }) => name === "ObjectWires");
  if (!wires) throw new ScriptError(`${file} does not export ObjectWires.`);
  const source = program.getSourceFile(file) as ts.SourceFile;
  const typeOf = (symbol: ts.Symbol) => checker.getTypeOfSymbolAtLocation(symbol, source);
  const entries = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(wires));
  return Object.fromEntries(
    entries.map((entry) => {
      const side = (name: string): JsonSchema => {
        const symbol = checker.getPropertyOfType(typeOf(entry), name);
        return symbol ? schemas.of(typeOf(symbol)) : {};
      };
      return [entry.name, { takes: side("takes"), gives: side("gives") }];
    }),
  );
}
