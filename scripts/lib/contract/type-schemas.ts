import ts from "typescript";
import type { JsonSchema } from "./schema-misfits.ts";

/** Deeper types are compared by their names alone. */
const depthMax = 24;

/** Writes types as JSON Schemas, so that they are compared like zod's. */
export class TypeSchemas {
  readonly #checker: ts.TypeChecker;
  /** The types that are being written, for types that contain themselves. */
  readonly #open: ts.Type[] = [];

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /** A field's type without `undefined`, which makes the field optional. */
  ofField(type: ts.Type): { readonly schema: JsonSchema; readonly isOptional: boolean } {
    const parts = type.isUnion() ? type.types : [type];
    const isOptional = parts.some(({ flags }) => flags & ts.TypeFlags.Undefined);
    return { schema: this.#ofParts(parts), isOptional };
  }

  of(type: ts.Type): JsonSchema {
    return this.#ofParts(type.isUnion() ? type.types : [type]);
  }

  #ofParts(parts: readonly ts.Type[]): JsonSchema {
    const present = parts.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const values = present.flatMap(literalsOf);
    const others = present.filter((part) => literalsOf(part).length === 0);
    const schemas: JsonSchema[] = [];
    const booleans = values.filter((value) => typeof value === "boolean");
    if (booleans.length === 2) schemas.push({ type: "boolean" });
    for (const type of ["string", "number", "boolean"]) {
      const known = values.filter((value) => typeof value === type).sort();
      const isWhole = type === "boolean" && booleans.length === 2;
      if (known.length > 0 && !isWhole) schemas.push({ type, enum: known });
    }
    schemas.push(...others.map((part) => this.#ofOne(part)));
    const [only] = schemas;
    if (!only) return { not: {} };
    return schemas.length === 1 ? only : { anyOf: sortSchemas(schemas) };
  }

  #ofOne(type: ts.Type): JsonSchema {
    const { flags } = type;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (flags & ts.TypeFlags.String) return { type: "string" };
    if (flags & ts.TypeFlags.Number) return { type: "number" };
    if (flags & ts.TypeFlags.Boolean) return { type: "boolean" };
    if (flags & ts.TypeFlags.Null) return { type: "null" };
    if (flags & (ts.TypeFlags.Void | ts.TypeFlags.Never)) return { not: {} };
    if (flags & ts.TypeFlags.TemplateLiteral) {
      return { type: "string", pattern: this.#checker.typeToString(type) };
    }
    return this.#ofObject(type);
  }

  #ofObject(type: ts.Type): JsonSchema {
    const checker = this.#checker;
    if (checker.isTupleType(type)) return this.#ofTuple(type as ts.TupleTypeReference);
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      return { type: "array", items: item ? this.of(item) : {} };
    }
    if (isForeign(type) || checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0) {
      return { "x-name": checker.typeToString(type) };
    }
    if (this.#open.includes(type) || this.#open.length >= depthMax) {
      return { "x-name": checker.typeToString(type) };
    }
    this.#open.push(type);
    const schema = this.#ofFields(type);
    this.#open.pop();
    return schema;
  }

  #ofTuple(type: ts.TupleTypeReference): JsonSchema {
    const items = this.#checker.getTypeArguments(type).map((item) => this.of(item));
    const { elementFlags } = type.target;
    const isRest = (index: number) => ((elementFlags[index] ?? 0) & ts.ElementFlags.Variable) !== 0;
    const rest = items.find((_, index) => isRest(index));
    return {
      type: "array",
      prefixItems: items.filter((_, index) => !isRest(index)),
      items: rest ?? { not: {} },
    };
  }

  #ofFields(type: ts.Type): JsonSchema {
    const checker = this.#checker;
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const symbol of sortByName(checker.getPropertiesOfType(type))) {
      const field = this.ofField(checker.getTypeOfSymbol(symbol));
      properties[symbol.name] = field.schema;
      const isOptional = field.isOptional || symbol.flags & ts.SymbolFlags.Optional;
      if (!isOptional) required.push(symbol.name);
    }
    const named = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    return {
      type: "object",
      properties,
      required,
      ...(named && { additionalProperties: this.of(named.type) }),
    };
  }
}

function literalsOf(type: ts.Type): (string | number | boolean)[] {
  if (type.isStringLiteral() || type.isNumberLiteral()) return [type.value];
  if (!(type.flags & ts.TypeFlags.BooleanLiteral)) return [];
  return [(type as unknown as { intrinsicName: string }).intrinsicName === "true"];
}

/** A class or interface of the platform or of a package, like `ReadableStream`. */
function isForeign(type: ts.Type): boolean {
  const symbol = type.getSymbol();
  const [declaration] = symbol?.declarations ?? [];
  if (!declaration || !(ts.isClassLike(declaration) || ts.isInterfaceDeclaration(declaration))) {
    return false;
  }
  return declaration.getSourceFile().isDeclarationFile;
}

function sortByName(symbols: readonly ts.Symbol[]): ts.Symbol[] {
  return [...symbols].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The order of a union is the compiler's, which depends on what it has seen before. */
function sortSchemas(schemas: readonly JsonSchema[]): JsonSchema[] {
  return [...schemas].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
