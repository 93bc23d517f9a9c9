/** Whether everything that one side writes is something that the other side can read. */

export type JsonSchema = { readonly [keyword: string]: unknown };

/** Something that is written and cannot be read, and where in the value it is. */
export type Misfit = { readonly path: string } & (
  | { readonly kind: "missing" }
  | { readonly kind: "unread" }
  | { readonly kind: "values"; readonly values: readonly string[] }
  | { readonly kind: "type"; readonly written: string; readonly read: string }
  | { readonly kind: "bound"; readonly keyword: string }
);

/** How strictly a reader reads. */
export interface Reading {
  /** Whether a field that the reader does not know loses the meaning of what was written. */
  readonly losesUnknownFields: boolean;
  /** Whether the reader refuses values outside of its bounds and patterns. */
  readonly holdsBounds: boolean;
}

/** A schema without alternatives, and the document that its references point into. */
interface Branch {
  readonly schema: JsonSchema;
  readonly root: JsonSchema;
}

/** An enumerated field is followed value by value up to this many. */
const splitMax = 50;

/**
 * Compares the schema of what is written with the schema of what is read.
 *
 * @returns an empty list when every written value can be read
 */
export function findMisfits(written: JsonSchema, read: JsonSchema, reading: Reading): Misfit[] {
  return new Comparison(reading).compare(
    { schema: written, root: written },
    { schema: read, root: read },
    "",
  );
}

class Comparison {
  readonly #reading: Reading;
  /** Pairs that are being compared, for schemas that contain themselves. */
  readonly #open = new Map<JsonSchema, Set<JsonSchema>>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  compare(written: Branch, read: Branch, path: string): Misfit[] {
    const readers = branchesOf(read);
    if (readers.some(isAnything)) return [];
    return branchesOf(written).flatMap((branch) => this.#compareBranch(branch, readers, path));
  }

  #compareBranch(written: Branch, readers: readonly Branch[], path: string): Misfit[] {
    if (isNothing(written)) return [];
    const type = typeOf(written);
    const fitting = readers.filter((reader) => fitsType(type, typeOf(reader)));
    if (fitting.length === 0) {
      return [{ path, kind: "type", written: type, read: readers.map(typeOf).join(" or ") }];
    }
    if (type === "object") {
      const split = splitByValues(written, fitting);
      return split.flatMap((branch) => this.#compareObject(branch, fitting, path));
    }
    if (type === "array") {
      return this.#best(fitting, (reader) => this.#compareArray(written, reader, path));
    }
    return this.#compareScalar(written, fitting, path);
  }

  /** @returns the misfits of the reader that has the fewest */
  #best(readers: readonly Branch[], compare: (reader: Branch) => Misfit[]): Misfit[] {
    let best: Misfit[] | undefined;
    for (const reader of readers) {
      const misfits = compare(reader);
      if (!best || misfits.length < best.length) best = misfits;
      if (best.length === 0) break;
    }
    return best ?? [];
  }

  #compareObject(written: Branch, readers: readonly Branch[], path: string): Misfit[] {
    const named = readers.filter((reader) => !differingField(written, reader));
    if (named.length > 0) {
      return this.#best(named, (reader) => this.#compareFields(written, reader, path));
    }
    const [reader] = readers as [Branch];
    const field = differingField(written, reader) as string;
    const values = valuesOf(fieldsOf(written)[field] ?? {}) ?? [];
    return [{ path: join(path, field), kind: "values", values }];
  }

  #compareFields(written: Branch, read: Branch, path: string): Misfit[] {
    if (this.#isOpen(written.schema, read.schema)) return [];
    const theirs = fieldsOf(written);
    const ours = fieldsOf(read);
    const always = requiredOf(written);
    const misfits: Misfit[] = [];
    for (const field of requiredOf(read)) {
      if (!always.has(field)) misfits.push({ path: join(path, field), kind: "missing" });
    }
    const others = read.schema.additionalProperties;
    for (const [field, schema] of Object.entries(theirs)) {
      const target = ours[field] ?? (isSchema(others) ? others : undefined);
      if (target) {
        const ends = [
          { schema, root: written.root },
          { schema: target, root: read.root },
        ] as const;
        misfits.push(...this.compare(...ends, join(path, field)));
      } else if (this.#reading.losesUnknownFields) {
        misfits.push({ path: join(path, field), kind: "unread" });
      }
    }
    const anyName = written.schema.additionalProperties;
    if (isSchema(anyName) && isSchema(others)) {
      const ends = [
        { schema: anyName, root: written.root },
        { schema: others, root: read.root },
      ] as const;
      misfits.push(...this.compare(...ends, join(path, "*")));
    }
    this.#close(written.schema, read.schema);
    return misfits;
  }

  #compareArray(written: Branch, read: Branch, path: string): Misfit[] {
    const misfits = this.#compareBounds(written, read, path);
    const theirs = (written.schema.prefixItems ?? []) as readonly JsonSchema[];
    const ours = (read.schema.prefixItems ?? []) as readonly JsonSchema[];
    const rest = (branch: Branch) => (isSchema(branch.schema.items) ? branch.schema.items : {});
    for (let index = 0; index < Math.max(theirs.length, ours.length); index += 1) {
      const ends = [
        { schema: theirs[index] ?? rest(written), root: written.root },
        { schema: ours[index] ?? rest(read), root: read.root },
      ] as const;
      misfits.push(...this.compare(...ends, `${path}[${index}]`));
    }
    const ends = [
      { schema: rest(written), root: written.root },
      { schema: rest(read), root: read.root },
    ] as const;
    misfits.push(...this.compare(...ends, `${path}[]`));
    return misfits;
  }

  #compareScalar(written: Branch, readers: readonly Branch[], path: string): Misfit[] {
    const theirs = valuesOf(written.schema);
    const ours = readers.map((reader) => valuesOf(reader.schema));
    if (ours.every((values) => values !== undefined)) {
      const known = new Set(ours.flat());
      if (!theirs) return [{ path, kind: "values", values: [`any ${typeOf(written)}`] }];
      const values = theirs.filter((value) => !known.has(value));
      return values.length > 0 ? [{ path, kind: "values", values }] : [];
    }
    if (theirs) return [];
    const open = readers.filter((_, index) => ours[index] === undefined);
    return this.#best(open, (reader) => this.#compareBounds(written, reader, path));
  }

  #compareBounds(written: Branch, read: Branch, path: string): Misfit[] {
    const name = read.schema["x-name"];
    if (name !== undefined && name !== written.schema["x-name"]) {
      return [{ path, kind: "type", written: nameOf(written), read: nameOf(read) }];
    }
    if (isSchema(read.schema["x-yields"])) {
      const yields = written.schema["x-yields"];
      const ends = [
        { schema: isSchema(yields) ? yields : {}, root: written.root },
        { schema: read.schema["x-yields"], root: read.root },
      ] as const;
      return this.compare(...ends, `${path}[]`);
    }
    if (!this.#reading.holdsBounds) return [];
    return [...lowerBounds, ...upperBounds, "pattern", "format"]
      .filter((keyword) => isNarrower(keyword, written.schema, read.schema))
      .map((keyword) => ({ path, kind: "bound", keyword }));
  }

  #isOpen(written: JsonSchema, read: JsonSchema): boolean {
    const partners = this.#open.get(written) ?? new Set();
    if (partners.has(read)) return true;
    this.#open.set(written, partners.add(read));
    return false;
  }

  #close(written: JsonSchema, read: JsonSchema): void {
    this.#open.get(written)?.delete(read);
  }
}

const lowerBounds = ["minimum", "exclusiveMinimum", "minLength", "minItems"];
const upperBounds = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"];

function isNarrower(keyword: string, written: JsonSchema, read: JsonSchema): boolean {
  const ours = read[keyword];
  const theirs = written[keyword];
  if (ours === undefined || ours === theirs) return false;
  if (theirs === undefined) return true;
  if (lowerBounds.includes(keyword)) return (ours as number) > (theirs as number);
  if (upperBounds.includes(keyword)) return (ours as number) < (theirs as number);
  return true;
}

/** Resolves references, and divides alternatives. */
function branchesOf({ schema, root }: Branch): Branch[] {
  if (typeof schema.$ref === "string") {
    return branchesOf({ schema: resolve(schema.$ref, root), root });
  }
  const alternatives = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  if (alternatives) return alternatives.flatMap((one) => branchesOf({ schema: one, root }));
  if (Array.isArray(schema.allOf)) {
    return branchesOf({ schema: mergeAll(schema.allOf as JsonSchema[], root), root });
  }
  if (Array.isArray(schema.type)) {
    return (schema.type as string[]).map((type) => ({ schema: { ...schema, type }, root }));
  }
  return [{ schema, root }];
}

function resolve(reference: string, root: JsonSchema): JsonSchema {
  let found: unknown = root;
  for (const step of reference.split("/").slice(1)) found = (found as JsonSchema)[step];
  return found as JsonSchema;
}

/** An intersection of objects has the fields of all of them. */
function mergeAll(parts: readonly JsonSchema[], root: JsonSchema): JsonSchema {
  const resolved = parts.flatMap((part) => branchesOf({ schema: part, root }));
  return {
    type: "object",
    properties: Object.assign({}, ...resolved.map(fieldsOf)),
    required: resolved.flatMap((branch) => [...requiredOf(branch)]),
  };
}

/** One branch for each value of a field whose value tells the readers apart. */
function splitByValues(written: Branch, readers: readonly Branch[]): Branch[] {
  if (readers.length < 2) return [written];
  const fields = fieldsOf(written);
  const field = Object.keys(fields).find((name) => {
    const count = valuesOf(fields[name] ?? {})?.length ?? 0;
    const isTold = readers.every((reader) => valuesOf(fieldsOf(reader)[name] ?? {}));
    return isTold && count > 1 && count <= splitMax;
  });
  if (field === undefined) return [written];
  return (valuesOf(fields[field] ?? {}) ?? []).map((value) => ({
    root: written.root,
    schema: {
      ...written.schema,
      properties: { ...fields, [field]: { ...fields[field], enum: [JSON.parse(value)] } },
    },
  }));
}

/** A field whose values the reader never accepts, which shows that another branch is meant. */
function differingField(written: Branch, read: Branch): string | undefined {
  const theirs = fieldsOf(written);
  return Object.entries(fieldsOf(read)).find(([field, schema]) => {
    const ours = valuesOf(schema);
    const values = valuesOf(theirs[field] ?? {});
    return ours && values && !values.some((value) => ours.includes(value));
  })?.[0];
}

function fieldsOf({ schema }: Branch): Readonly<Record<string, JsonSchema>> {
  return (schema.properties ?? {}) as Record<string, JsonSchema>;
}

function requiredOf({ schema }: Branch): Set<string> {
  return new Set((schema.required ?? []) as string[]);
}

/** The JSON texts of the only values that a schema allows; undefined when it names none. */
function valuesOf(schema: JsonSchema): string[] | undefined {
  if ("const" in schema) return [JSON.stringify(schema.const)];
  if (schema.type === "null") return ["null"];
  return (schema.enum as unknown[] | undefined)?.map((value) => JSON.stringify(value));
}

function typeOf(branch: Branch): string {
  const { schema } = branch;
  if (isNothing(branch)) return "nothing";
  if (typeof schema.type === "string") return schema.type;
  const [value] = (schema.enum as unknown[] | undefined) ?? [schema.const];
  if (value === null) return "null";
  if (value !== undefined) return typeof value;
  if (schema["x-name"] !== undefined || schema["x-yields"] !== undefined) return "special";
  return "anything";
}

function nameOf({ schema }: Branch): string {
  return String(schema["x-name"] ?? "a value");
}

function fitsType(written: string, read: string): boolean {
  return written === read || (written === "integer" && read === "number");
}

function isAnything(branch: Branch): boolean {
  return typeOf(branch) === "anything" && branch.schema.not === undefined;
}

function isNothing({ schema }: Branch): boolean {
  return isSchema(schema.not) && Object.keys(schema.not).length === 0;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, field: string): string {
  return path === "" ? field : `${path}.${field}`;
}
